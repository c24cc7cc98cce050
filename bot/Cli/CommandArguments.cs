using System.Globalization;

namespace Notifier.Bot.Cli;

/// <summary>What the program was started with: a verb, its operands, switches, and settings given as <c>--Section:Key=value</c>.</summary>
internal sealed class CommandArguments
{
    private CommandArguments(string verb, IReadOnlyList<string> operands, IReadOnlyDictionary<string, string> switches, string[] settings)
    {
        Verb = verb;
        Operands = operands;
        Switches = switches;
        Settings = settings;
    }

    /// <summary>Empty for the service.</summary>
    public string Verb { get; }

    public IReadOnlyList<string> Operands { get; }

    public IReadOnlyDictionary<string, string> Switches { get; }

    /// <summary>To be read by the configuration.</summary>
    public string[] Settings { get; }

    /// <param name="verbs">The verbs there are, each with its switches: a name that ends in "=" takes a value.</param>
    /// <exception cref="StopException">A verb or switch that there is not, with the nearest cure.</exception>
    public static CommandArguments Read(string[] args, IReadOnlyDictionary<string, IReadOnlyList<string>> verbs)
    {
        var verb = args.Length > 0 && !args[0].StartsWith('-') ? args[0] : "";
        if (args.Contains("--help") || args.Contains("-h"))
            verb = "help";
        else if (args.Contains("--version"))
            verb = "version";
        if (!verbs.TryGetValue(verb, out var known))
            throw Usage($"There is no verb “{verb}”.");
        var operands = new List<string>();
        var switches = new Dictionary<string, string>(StringComparer.Ordinal);
        var settings = new List<string>();
        for (var i = verb.Length > 0 && args.Length > 0 && args[0] == verb ? 1 : 0; i < args.Length; i++)
        {
            var (name, value) = args[i].IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (args[i][..at], args[i][(at + 1)..]) : (args[i], null);
            if (!name.StartsWith("--", StringComparison.Ordinal))
                operands.Add(args[i]);
            else if (name.Contains(':', StringComparison.Ordinal))
                settings.Add(args[i]);
            else if (known.Contains(name, StringComparer.Ordinal) && value is null)
                switches[name] = "";
            else if (known.Contains(name + "=", StringComparer.Ordinal))
                switches[name] = value ?? (++i < args.Length ? args[i] : throw Usage($"{name} wants a value."));
            else if (verb is not ("help" or "version"))
                throw Usage($"{(verb.Length == 0 ? "The service" : verb)} knows no {name}.");
        }

        return new CommandArguments(verb, operands, switches, [.. settings]);

        static StopException Usage(string what) => new(ExitCode.Usage, what + " --help lists what there is.");
    }

    public bool Has(string name) => Switches.ContainsKey(name);

    /// <summary>A length of time: a number with s, m or h.</summary>
    public TimeSpan? Time(string name)
    {
        if (!Switches.TryGetValue(name, out var text))
            return null;
        if (text.Length > 1 && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 100_000)
        {
            switch (text[^1])
            {
                case 's':
                    return TimeSpan.FromSeconds(number);
                case 'm':
                    return TimeSpan.FromMinutes(number);
                case 'h':
                    return TimeSpan.FromHours(number);
            }
        }

        throw new StopException(ExitCode.Usage, $"{name} wants a length of time such as 20s, 5m or 1h, not “{text}”.");
    }
}
