using System.Text.Json;
using System.Text.RegularExpressions;

namespace ValueChainHub.Heads.Tests.Infra;

/// <summary>
/// What a Bicep compiler would refuse, as far as it can be told without Azure's types: files, parameters, outputs, names, the JSON that is loaded.
/// A compiler knows more; the workflow has one, and not every machine does.
/// </summary>
internal sealed partial class BicepChecks
{
    private readonly Dictionary<string, BicepFile> _files;
    private readonly IReadOnlyDictionary<string, string> _texts;

    /// <param name="texts">Every file below <c>infra</c>, by its path there.</param>
    public BicepChecks(IReadOnlyDictionary<string, string> texts)
    {
        _texts = texts;
        _files = texts.Where(file => file.Key.EndsWith(".bicep", StringComparison.Ordinal) || file.Key.EndsWith(".bicepparam", StringComparison.Ordinal))
            .ToDictionary(file => file.Key, file => new BicepFile(file.Key, file.Value), StringComparer.Ordinal);
    }

    public IReadOnlyCollection<BicepFile> Files => _files.Values;

    /// <summary>Everything that is wrong, one line each; empty when all is well.</summary>
    public IEnumerable<string> Problems() =>
        _files.Values.SelectMany(file => Modules(file).Concat(Outputs(file)).Concat(Names(file)).Concat(Resources(file)).Concat(Json(file)).Concat(Parameters(file)));

    private static string At(BicepFile file, int line, string what) => $"{file.Path}({line}): {what}";

    /// <summary>A module's file is there, and it is handed what it needs and nothing else.</summary>
    private IEnumerable<string> Modules(BicepFile file)
    {
        foreach (var module in file.Of("module"))
        {
            if (!_files.TryGetValue(file.Resolve(module.Target), out var target))
            {
                yield return At(file, module.Line, $"no module {module.Target}");
                continue;
            }
            var handed = BicepFile.Members(module.Value).Where(member => member.Name == "params").SelectMany(member => BicepFile.Members(member.Value)).Select(member => member.Name);
            foreach (var problem in Compare(handed, target))
                yield return At(file, module.Line, $"{module.Name} {problem}");
        }
    }

    /// <summary>A file of parameters sets those of its template, each object as its type says.</summary>
    private IEnumerable<string> Parameters(BicepFile file)
    {
        if (file.Of("using").FirstOrDefault() is not { } use)
            yield break;
        if (!_files.TryGetValue(file.Resolve(use.Target), out var target))
        {
            yield return At(file, use.Line, $"no template {use.Target}");
            yield break;
        }
        foreach (var problem in Compare(file.Of("param").Select(set => set.Name), target))
            yield return At(file, use.Line, problem);
        foreach (var set in file.Of("param"))
        {
            if (TypeOf(target, set.Name) is { } type && !Keys(type.Value).Order().SequenceEqual(Keys(set.Value).Order()))
                yield return At(file, set.Line, $"{set.Name} has not the members of {type.Name}");
        }
    }

    private static IEnumerable<string> Compare(IEnumerable<string> handed, BicepFile target)
    {
        var (given, declared) = (handed.ToHashSet(), target.Of("param").ToList());
        return given.Except(declared.Select(parameter => parameter.Name)).Select(name => $"sets {name}, which {target.Path} does not declare")
            .Concat(declared.Where(parameter => parameter.IsRequired && !given.Contains(parameter.Name)).Select(parameter => $"does not set {parameter.Name} of {target.Path}"));
    }

    private static IEnumerable<string> Keys(IReadOnlyList<BicepToken> tokens) => BicepFile.Members(tokens).Select(member => member.Name);

    /// <summary>The declared type of a parameter, when it is a named one that was imported.</summary>
    private BicepDeclaration? TypeOf(BicepFile file, string parameter) =>
        file.Of("param").FirstOrDefault(one => one.Name == parameter)?.Body is [{ Kind: BicepTokenKind.Word } type, ..]
        && Imports(file).FirstOrDefault(import => import.Name == type.Value).Target is { } target
            ? _files[target].Of("type").FirstOrDefault(one => one.Name == type.Value)
            : null;

    /// <summary>An output that is read of a module is one it has.</summary>
    private IEnumerable<string> Outputs(BicepFile file)
    {
        var modules = file.Of("module").Where(module => _files.ContainsKey(file.Resolve(module.Target)))
            .ToDictionary(module => module.Name, module => _files[file.Resolve(module.Target)].Of("output").Select(output => output.Name).ToHashSet());
        foreach (var tokens in file.Declarations.Select(declaration => declaration.Body))
        {
            for (var index = 0; index + 4 < tokens.Count; index++)
            {
                if (tokens[index + 2].IsWord("outputs") && modules.TryGetValue(tokens[index].Value, out var outputs) && !outputs.Contains(tokens[index + 4].Value))
                    yield return At(file, tokens[index].Line, $"{tokens[index].Value} has no output {tokens[index + 4].Value}");
            }
        }
    }

    /// <summary>Every name is declared once, and used.</summary>
    private IEnumerable<string> Names(BicepFile file)
    {
        var imported = Imports(file).ToList();
        var declared = file.Declarations.Where(one => one.Keyword is not ("output" or "using" or "targetScope") && one.Name.Length > 0).Select(one => one.Name).Concat(imported.Select(one => one.Name)).ToList();
        var used = file.Declarations.Where(one => one.Keyword != "import").SelectMany(BicepNames.UsedBy).ToList();
        foreach (var twice in declared.GroupBy(name => name).Where(group => group.Count() > 1))
            yield return At(file, 1, $"{twice.Key} is declared twice");
        foreach (var (name, line) in used.Where(use => !declared.Contains(use.Name)))
            yield return At(file, line, $"nothing is called {name}");
        var needed = file.Of("param").Concat(file.Of("var")).Concat(file.Of("type")).Select(one => one.Name).Concat(imported.Select(one => one.Name));
        foreach (var name in needed.Where(name => !file.Path.EndsWith("param", StringComparison.Ordinal) && !IsExported(file, name) && used.All(use => use.Name != name)))
            yield return At(file, 1, $"{name} is not used");
        foreach (var import in imported.Where(import => !_files.TryGetValue(import.Target, out var target) || target.Declarations.All(one => one.Name != import.Name)))
            yield return At(file, 1, $"{import.Target} has no {import.Name}");
    }

    private bool IsExported(BicepFile file, string name) => _files.Values.Any(other => Imports(other).Contains((name, file.Path)));

    private static IEnumerable<(string Name, string Target)> Imports(BicepFile file) =>
        from import in file.Of("import")
        from word in import.Body.TakeWhile(token => !token.Is("}"))
        where word.Kind == BicepTokenKind.Word
        select (word.Value, file.Resolve(import.Target));

    /// <summary>A resource says its type and version, and lies below its parent's type.</summary>
    private static IEnumerable<string> Resources(BicepFile file)
    {
        var types = file.Of("resource").ToDictionary(resource => resource.Name, resource => resource.Target.Split('@')[0]);
        foreach (var resource in file.Of("resource"))
        {
            if (!TypeAndVersion().IsMatch(resource.Target))
                yield return At(file, resource.Line, $"{resource.Target} is not a type with a version");
            if (Parent(resource) is { } parent && types.GetValueOrDefault(parent) != types[resource.Name][..types[resource.Name].LastIndexOf('/')])
                yield return At(file, resource.Line, $"{resource.Name} is not below {parent}");
        }
    }

    private static string? Parent(BicepDeclaration resource)
    {
        var at = resource.Body.ToList().FindIndex(token => token.IsWord("parent"));
        return at < 0 ? null : resource.Body[at + 2].Value;
    }

    /// <summary>What is read of a loaded JSON file is in it; in an array, in each of its elements.</summary>
    private IEnumerable<string> Json(BicepFile file)
    {
        var shapes = new Dictionary<string, IReadOnlyList<JsonElement>>(StringComparer.Ordinal);
        foreach (var loaded in file.Of("var").Where(one => one.Value is [{ Value: "loadJsonContent" }, ..]))
        {
            if (_texts.TryGetValue(file.Resolve(loaded.Target), out var text))
                shapes[loaded.Name] = [JsonDocument.Parse(text).RootElement];
            else
                yield return At(file, loaded.Line, $"no file {loaded.Target}");
        }
        foreach (var tokens in file.Declarations.Select(one => one.Body))
        {
            foreach (var (variable, source) in BicepNames.Loops(tokens).Where(loop => shapes.ContainsKey(loop.Source[0].Value)))
                shapes[variable] = [.. Walk(shapes[source[0].Value], source).SelectMany(array => array.EnumerateArray())];
            for (var index = 0; index + 2 < tokens.Count; index++)
            {
                if (shapes.TryGetValue(tokens[index].Value, out var shape) && tokens[index + 1].Is(".") && shape.Any() && !Walk(shape, [.. tokens.Skip(index)]).Any())
                    yield return At(file, tokens[index].Line, $"{tokens[index].Value}.{tokens[index + 2].Value}: not in the JSON");
            }
        }
    }

    /// <summary>Follows the members after the first token; empty when one is missing anywhere.</summary>
    private static IReadOnlyList<JsonElement> Walk(IReadOnlyList<JsonElement> from, IReadOnlyList<BicepToken> path)
    {
        for (var index = 1; index + 1 < path.Count && path[index].Is("."); index += 2)
        {
            var name = path[index + 1].Value;
            if (!from.All(one => one.ValueKind == JsonValueKind.Object && one.TryGetProperty(name, out _)))
                return [];
            from = [.. from.Select(one => one.GetProperty(name))];
        }
        return from;
    }

    [GeneratedRegex(@"^Microsoft\.\w+(/\w+)+@\d{4}-\d\d-\d\d(-preview)?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex TypeAndVersion();
}
