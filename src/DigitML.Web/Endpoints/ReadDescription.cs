using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace DigitML.Web.Endpoints;

/// <summary>What <c>/api/read</c> takes, for the API's description; the endpoint itself takes any media type, as the content decides.</summary>
internal static class ReadDescription
{
    private static readonly string[] s_bareTypes = ["image/png", "image/jpeg", "image/bmp", "image/x-portable-anymap", "application/octet-stream"];

    /// <summary>Adds parameters and body to the operation.</summary>
    public static Task AddAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters =
        [
            Flag("single", "The picture holds one digit, and all its ink belongs to it."),
            Flag("steps", "Also give the pictures between, and for each digit its probabilities, what the network saw and which pixels spoke for it."),
        ];
        var file = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        var content = s_bareTypes.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = file });
        content["multipart/form-data"] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema> { ["file"] = file } },
        };
        var url = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^data:[^,]*;base64,", Description = "A data URL in base64 (RFC 2397), as canvas.toDataURL() gives it." };
        var withUrl = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema> { ["image"] = url }, Required = new HashSet<string> { "image" } };
        content["text/plain"] = new OpenApiMediaType { Schema = url };
        content["application/json"] = new OpenApiMediaType { Schema = withUrl };
        content["application/x-www-form-urlencoded"] = new OpenApiMediaType { Schema = withUrl };
        operation.RequestBody = new OpenApiRequestBody { Required = true, Description = "The picture, a form whose first file it is, or a data URL: bare, in JSON or as a form's field.", Content = content };
        return Task.CompletedTask;
    }

    private static OpenApiParameter Flag(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean },
    };
}
