using DigitML.AutoML.Studies;
using DigitML.Tests.House;
using YamlDotNet.RepresentationModel;

namespace DigitML.AutoML.Tests.Deploy;

public class KubernetesTests
{
    // The fields that the file uses, by kind, as the API's reference has them; * is any name.
    private const string Template = "spec.template.metadata.labels.* spec.template.spec.securityContext.runAsNonRoot spec.template.spec.securityContext.runAsUser spec.template.spec.securityContext.runAsGroup spec.template.spec.securityContext.fsGroup spec.template.spec.securityContext.seccompProfile.type spec.template.spec.restartPolicy spec.template.spec.terminationGracePeriodSeconds spec.template.spec.containers[].name spec.template.spec.containers[].image spec.template.spec.containers[].args[] spec.template.spec.containers[].env[].name spec.template.spec.containers[].env[].value spec.template.spec.containers[].env[].valueFrom.secretKeyRef.name spec.template.spec.containers[].env[].valueFrom.secretKeyRef.key spec.template.spec.containers[].env[].valueFrom.fieldRef.fieldPath spec.template.spec.containers[].ports[].name spec.template.spec.containers[].ports[].containerPort spec.template.spec.containers[].readinessProbe.exec.command[] spec.template.spec.containers[].readinessProbe.periodSeconds spec.template.spec.containers[].resources.requests.cpu spec.template.spec.containers[].resources.requests.memory spec.template.spec.containers[].resources.limits.memory spec.template.spec.containers[].securityContext.allowPrivilegeEscalation spec.template.spec.containers[].securityContext.readOnlyRootFilesystem spec.template.spec.containers[].securityContext.capabilities.drop[] spec.template.spec.containers[].volumeMounts[].name spec.template.spec.containers[].volumeMounts[].mountPath spec.template.spec.volumes[].name spec.template.spec.volumes[].persistentVolumeClaim.claimName spec.template.spec.volumes[].emptyDir";
    private const string Claim = "accessModes[] resources.requests.storage";

    private static readonly Dictionary<string, string> s_fields = new()
    {
        ["v1 Service"] = "spec.clusterIP spec.selector.* spec.ports[].name spec.ports[].port",
        ["apps/v1 StatefulSet"] = $"spec.serviceName spec.replicas spec.selector.matchLabels.* {Template} spec.volumeClaimTemplates[].metadata.name {string.Join(' ', Claim.Split(' ').Select(field => "spec.volumeClaimTemplates[].spec." + field))}",
        ["v1 PersistentVolumeClaim"] = string.Join(' ', Claim.Split(' ').Select(field => "spec." + field)),
        ["batch/v1 Job"] = $"spec.completionMode spec.completions spec.parallelism spec.backoffLimit {Template}",
    };

    private static readonly YamlNode[] s_documents = Read();

    [Fact]
    public void Search_EveryField_IsOneThatItsKindHas()
    {
        Assert.Equal(["v1 Service", "apps/v1 StatefulSet", "v1 PersistentVolumeClaim", "batch/v1 Job"], s_documents.Select(Kind));
        foreach (var document in s_documents)
        {
            var known = $"apiVersion kind metadata.name metadata.labels.* {s_fields[Kind(document)]}".Split(' ').ToHashSet(StringComparer.Ordinal);
            Assert.All(Fields(document, ""), field => Assert.True(known.Contains(field) || known.Contains(field[..(field.LastIndexOfAny(['.', ']']) + 1)] + "*") || IsLabel(field, known), $"{Kind(document)}: {field}"));
        }

        // A label's name holds dots itself.
        static bool IsLabel(string field, HashSet<string> known) => known.Any(pattern => pattern.EndsWith(".*", StringComparison.Ordinal) && field.StartsWith(pattern[..^1], StringComparison.Ordinal));
    }

    [Fact]
    public void Search_WhatRefersToSomething_FindsIt()
    {
        var (service, postgres, claim, job) = (s_documents[0], s_documents[1], s_documents[2], s_documents[3]);
        var name = Text(service, "metadata", "name");
        Assert.Equal(name, Text(postgres, "spec", "serviceName"));
        Assert.Equal(Text(service, "spec", "selector", "app.kubernetes.io/name"), Text(postgres, "spec", "template", "metadata", "labels", "app.kubernetes.io/name"));
        Assert.Equal(Text(postgres, "spec", "selector", "matchLabels", "app.kubernetes.io/name"), Text(postgres, "spec", "template", "metadata", "labels", "app.kubernetes.io/name"));
        Assert.Equal(Text(claim, "metadata", "name"), Text(job, "spec", "template", "spec", "volumes", "0", "persistentVolumeClaim", "claimName"));
        Assert.Equal(Text(postgres, "spec", "volumeClaimTemplates", "0", "metadata", "name"), Text(postgres, "spec", "template", "spec", "containers", "0", "volumeMounts", "0", "name"));
        foreach (var (pod, variable) in new[] { (postgres, 2), (job, 0) })
        {
            Assert.Equal("digitml-postgres", Text(pod, "spec", "template", "spec", "containers", "0", "env", Invariant($"{variable}"), "valueFrom", "secretKeyRef", "name"));
        }
    }

    [Fact]
    public async Task Search_TheJob_IsIndexedRunsWithoutRootAndNamesTheDatabase()
    {
        var job = s_documents[3];
        Assert.Equal("Indexed", Text(job, "spec", "completionMode"));
        Assert.Equal("OnFailure", Text(job, "spec", "template", "spec", "restartPolicy"));
        foreach (var pod in new[] { s_documents[1], job })
        {
            Assert.Equal("true", Text(pod, "spec", "template", "spec", "securityContext", "runAsNonRoot"));
            Assert.Equal("false", Text(pod, "spec", "template", "spec", "containers", "0", "securityContext", "allowPrivilegeEscalation"));
        }

        var arguments = ((YamlSequenceNode)At(job, "spec", "template", "spec", "containers", "0", "args")).Select(argument => ((YamlScalarNode)argument).Value!).ToArray();
        Assert.Equal("search", arguments[0]);
        await using var store = StudyStore.For(arguments[Array.IndexOf(arguments, "--study") + 1]);
        Assert.Equal("PostgreSQL at digitml-postgres:5432, database digitml", store.Name);
        Assert.Equal("PGPASSWORD", Text(job, "spec", "template", "spec", "containers", "0", "env", "0", "name"));
    }

    [Fact]
    public void Dockerfile_WhatItCopies_ExistsAndItRunsWithoutRoot()
    {
        var lines = File.ReadAllLines(Repository.PathOf("deploy", "Dockerfile"));
        var copied = lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal)).SelectMany(line => line.Split(' ')[1..^1]).ToArray();
        Assert.Contains("src/", copied);
        Assert.All(copied, path => Assert.True(Path.Exists(Repository.PathOf(path)), path));
        Assert.Contains("USER $APP_UID", lines);
        Assert.True(Array.IndexOf(lines, "USER $APP_UID") > Array.FindLastIndex(lines, line => line.StartsWith("FROM ", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.Contains("org.opencontainers.image.revision", StringComparison.Ordinal));
        Assert.Contains("dotnet publish src/DigitML.Cli -c Release -o /app", lines.Single(line => line.StartsWith("RUN dotnet", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static YamlNode[] Read()
    {
        using var reader = File.OpenText(Repository.PathOf("deploy", "kubernetes", "search.yaml"));
        var yaml = new YamlStream();
        yaml.Load(reader);
        return [.. yaml.Documents.Select(document => document.RootNode)];
    }

    private static string Kind(YamlNode document) => $"{Text(document, "apiVersion")} {Text(document, "kind")}";

    private static string Text(YamlNode node, params string[] path) => ((YamlScalarNode)At(node, path)).Value!;

    private static YamlNode At(YamlNode node, params string[] path) => path.Aggregate(node, (at, part) => at is YamlSequenceNode ? at[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)] : at[part]);

    private static IEnumerable<string> Fields(YamlNode node, string path) => node switch
    {
        YamlMappingNode { Children.Count: > 0 } mapping => mapping.SelectMany(pair => Fields(pair.Value, path.Length > 0 ? $"{path}.{pair.Key}" : $"{pair.Key}")),
        YamlSequenceNode sequence => sequence.SelectMany(item => Fields(item, path + "[]")),
        _ => [path],
    };
}
