using DigitML.Reading;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace DigitML.Web.Endpoints;

/// <summary>What <c>/api/read</c> and <c>/api/corrections</c> take, for the API's description; the endpoints themselves take any media type, as the content decides.</summary>
internal static class ReadDescription
{
    private static readonly string[] s_bareTypes = ["image/png", "image/jpeg", "image/bmp", "image/x-portable-anymap", "application/octet-stream"];

    /// <summary>Adds parameters, body and answer to the reading.</summary>
    public static async Task AddAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters =
        [
            Query("single", "The picture holds one digit, and all its ink belongs to it.", new OpenApiSchema { Type = JsonSchemaType.Boolean }),
            Query("lines", "Whether the picture may have ruled lines or boxes, which are taken away; false for a drawing, all of whose ink was written. Without it, true.", new OpenApiSchema { Type = JsonSchemaType.Boolean }),
            Query("steps", "Also give the pictures between, and for each digit its probabilities, what the network saw, which pixels spoke for it and what the layers gave.", new OpenApiSchema { Type = JsonSchemaType.Boolean }),
            Query("wanted", "A box as x,y,width,height in pixels, such as an answer's leftOut has: its ink is part of a digit. May be given more than once.", new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                MaxItems = 20,
                Items = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^\\d+,\\d+,\\d+,\\d+$" },
            }),
        ];
        operation.RequestBody = Body("The picture, a form whose files are pictures, or a data URL: bare, in JSON or as a form's field.");
        var reading = await context.GetOrCreateSchemaAsync(typeof(ReadingDocument), null, cancellationToken);
        var error = await context.GetOrCreateSchemaAsync(typeof(ReadingErrorDocument), null, cancellationToken);
        context.Document!.AddComponent(nameof(ReadingDocument), reading);
        context.Document.AddComponent(nameof(ReadingErrorDocument), error);
        var one = new OpenApiSchemaReference(nameof(ReadingDocument), context.Document);
        var failed = new OpenApiSchemaReference(nameof(ReadingErrorDocument), context.Document);
        context.Document.AddComponent("Readings", new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "The answers to the files of a form, in their order.",
            Required = new HashSet<string> { "readings" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["readings"] = new OpenApiSchema { Type = JsonSchemaType.Array, MaxItems = ReadEndpoint.MostPictures, Items = new OpenApiSchema { OneOf = [one, failed] } },
            },
        });
        if (operation.Responses?["200"] is OpenApiResponse answer)
        {
            answer.Description = "What was read: of one picture its reading, of a form of several files a reading or an error for each.";
            answer.Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = new OpenApiSchema { OneOf = [one, new OpenApiSchemaReference("Readings", context.Document)] } },
            };
        }
    }

    /// <summary>Adds parameter and body to a correction.</summary>
    public static Task AddLabelAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var label = Query("label", "The digit that the picture shows.", new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0", Maximum = "9" });
        label.Required = true;
        operation.Parameters = [label];
        operation.RequestBody = Body("The picture, as for a reading.");
        return Task.CompletedTask;
    }

    private static OpenApiRequestBody Body(string description)
    {
        var file = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        var content = s_bareTypes.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = file });
        content["multipart/form-data"] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema> { ["file"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = file } } },
        };
        var url = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^data:[^,]*;base64,", Description = "A data URL in base64 (RFC 2397), as canvas.toDataURL() gives it." };
        var withUrl = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema> { ["image"] = url }, Required = new HashSet<string> { "image" } };
        content["text/plain"] = new OpenApiMediaType { Schema = url };
        content["application/json"] = new OpenApiMediaType { Schema = withUrl };
        content["application/x-www-form-urlencoded"] = new OpenApiMediaType { Schema = withUrl };
        return new OpenApiRequestBody { Required = true, Description = description, Content = content };
    }

    private static OpenApiParameter Query(string name, string description, OpenApiSchema schema) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = schema,
        Explode = true,
    };
}
