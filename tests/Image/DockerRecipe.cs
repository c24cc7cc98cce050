using System.Text.RegularExpressions;

namespace Notifier.Tests.Image;

/// <summary>A Dockerfile as its stages and their instructions, with the context that <c>.dockerignore</c> leaves of a folder.</summary>
internal sealed class DockerRecipe
{
    private readonly string _root;
    private readonly List<(Regex Pattern, bool Keeps)> _rules;

    public DockerRecipe(string root)
    {
        _root = root;
        var text = Regex.Replace(File.ReadAllText(Path.Combine(root, "Dockerfile")), @"^\s*#.*\n", "", RegexOptions.Multiline);
        var lines = Regex.Replace(text, @"\\\n", " ").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var line in lines)
        {
            var at = line.IndexOf(' ', StringComparison.Ordinal);
            var instruction = new Instruction(line[..at].ToUpperInvariant(), line[at..].Trim());
            if (instruction.Name == "FROM")
                Stages.Add([]);
            Stages[^1].Add(instruction);
        }

        // https://docs.docker.com/build/concepts/context/#dockerignore-files: the last rule that fits a path, or a folder above it, counts.
        _rules = [.. File.ReadAllLines(Path.Combine(root, ".dockerignore")).Select(rule => rule.Trim()).Where(rule => rule.Length > 0 && rule[0] != '#').Select(rule => (Rule(rule.TrimStart('!')), rule[0] == '!'))];
    }

    public List<List<Instruction>> Stages { get; } = [];

    /// <summary>What a COPY from the context takes, as paths in it; a folder as its files.</summary>
    public IReadOnlyList<string> Files(string copied) => Directory.Exists(Path.Combine(_root, copied))
        ? [.. Directory.EnumerateFiles(Path.Combine(_root, copied), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_root, file).Replace('\\', '/')).Where(IsInContext)]
        : File.Exists(Path.Combine(_root, copied)) && IsInContext(copied) ? [copied] : [];

    public bool IsInContext(string path)
    {
        var parts = path.Split('/');
        var above = Enumerable.Range(1, parts.Length).Select(count => string.Join('/', parts[..count])).ToList();
        return _rules.FindLast(rule => above.Exists(rule.Pattern.IsMatch)) is not { Pattern: not null, Keeps: false };
    }

    private static Regex Rule(string pattern) => new(
        "^" + Regex.Escape(pattern.Trim('/')).Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal) + "$",
        RegexOptions.NonBacktracking);
}

/// <summary>One line of it.</summary>
internal sealed record Instruction(string Name, string Arguments)
{
    /// <summary>The words that are no switches.</summary>
    public IReadOnlyList<string> Words => [.. Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => !word.StartsWith("--", StringComparison.Ordinal))];

    /// <summary>The switches before the words, each with its value.</summary>
    public string? Switch(string name) => Arguments.Split(' ').FirstOrDefault(word => word.StartsWith($"--{name}=", StringComparison.Ordinal))?[(name.Length + 3)..];
}
