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
        operation.RequestBody = new OpenApiRequestBody { Required = true, Description = "The picture, or a form whose first file it is.", Content = content };
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
