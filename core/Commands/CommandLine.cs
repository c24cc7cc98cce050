using System.Text;
using Notifier.Model;

namespace Notifier.Commands;

/// <summary>A typed line taken apart: <c>/name arguments</c>. Pure.</summary>
internal static class CommandLine
{
    /// <summary>The command's name, lower-case and without the slash or an <c>@bot</c>, and the rest of the line; null for a line that is no command.</summary>
    public static (string Name, string Tail)? Split(string line)
    {
        line = line.Trim();
        if (line.Length < 2 || line[0] != '/' || !char.IsAsciiLetter(line[1]))
            return null;
        var end = 1;
        while (end < line.Length && !char.IsWhiteSpace(line[end]))
            end++;
        var name = line[1..end];
        var at = name.IndexOf('@', StringComparison.Ordinal);
        return ((at < 0 ? name : name[..at]).ToLowerInvariant(), line[end..].Trim());
    }

    /// <summary>
    /// Gives each parameter its text: in order, or by name as <c>name:value</c>. Quotes keep blanks together; the last parameter may take the rest.
    /// </summary>
    /// <exception cref="CommandError">An argument is missing or one too many, with the command's usage.</exception>
    public static Dictionary<Parameter, object> Arguments(Command command, string rest, Func<string, Parameter, CommandError> mistake)
    {
        var values = new Dictionary<Parameter, object>();
        var open = command.Parameters.ToList();
        while (rest.Length > 0)
        {
            if (Named(open, rest) is { } named)
            {
                var text = rest[(named.Name.Length + 1)..];
                (var value, rest) = Next(text);

                // What may take the rest of the line does so by its name too; quotes around all of it are the argument's.
                if (named.TakesRest && rest.Length > 0)
                    (value, rest) = (text, "");
                Put(named, value);
            }
            else if (open.Count == 0)
            {
                throw mistake("command.toomany", command.Parameters.Count > 0 ? command.Parameters[^1] : None);
            }
            else if (open[0] is { TakesRest: true } last)
            {
                Put(last, rest);
                rest = "";
            }
            else
            {
                (var value, rest) = Next(rest);
                Put(open[0], value);
            }
        }

        return open.Find(parameter => !parameter.IsOptional) is { } missing ? throw mistake("command.missing", missing) : values;

        void Put(Parameter parameter, string text)
        {
            open.Remove(parameter);
            values[parameter] = parameter.Read(text);
        }
    }

    /// <summary>The same where the platform has the arguments apart.</summary>
    /// <exception cref="CommandError">An argument is missing or unknown.</exception>
    public static Dictionary<Parameter, object> Arguments(Command command, IReadOnlyDictionary<string, string> named, Func<string, Parameter, CommandError> mistake)
    {
        var values = command.Parameters.Where(parameter => named.ContainsKey(parameter.Name)).ToDictionary(parameter => parameter, parameter => parameter.Read(named[parameter.Name]));
        if (values.Count < named.Count)
            throw mistake("command.toomany", None);
        return command.Parameters.FirstOrDefault(parameter => !parameter.IsOptional && !values.ContainsKey(parameter)) is { } missing ? throw mistake("command.missing", missing) : values;
    }

    /// <summary>Takes a leading <c>chat:ADDRESS</c> off the arguments: the chat that the command is about.</summary>
    /// <returns>The address as written, null without one; and what is left.</returns>
    public static (string? Chat, string Others) TakeChat(string rest)
    {
        const string Mark = "chat:";
        if (!rest.StartsWith(Mark, StringComparison.OrdinalIgnoreCase))
            return (null, rest);
        var (value, others) = Next(rest[Mark.Length..]);
        return (value, others);
    }

    /// <summary>The same command line, about this chat.</summary>
    public static string About(ChatAddress chat, string line)
    {
        var end = line.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? $"{line} chat:{chat}" : $"{line[..end]} chat:{chat}{line[end..]}";
    }

    /// <summary><c>/name first [second]</c>, as help shows it.</summary>
    public static string Usage(Command command)
    {
        var usage = new StringBuilder("/").Append(command.Name);
        foreach (var parameter in command.Parameters)
            usage.Append(parameter.IsOptional ? $" [{parameter.Name}]" : $" {parameter.Name}");
        return usage.ToString();
    }

    private static Parameter None { get; } = new Parameter<string>("none", "", text => text);

    private static Parameter? Named(List<Parameter> open, string rest) =>
        open.Find(parameter => rest.Length > parameter.Name.Length
            && rest[parameter.Name.Length] == ':'
            && rest.StartsWith(parameter.Name, StringComparison.OrdinalIgnoreCase)
            && !rest.AsSpan(parameter.Name.Length).StartsWith("://"));

    /// <summary>The first word, or what the quotes hold in which it begins; and the rest.</summary>
    public static (string Value, string Tail) Next(string rest)
    {
        if (rest.Length > 1 && rest[0] is '"' or '“' && rest.IndexOfAny(['"', '”'], 1) is > 0 and var close)
            return (rest[1..close], rest[(close + 1)..].TrimStart());
        var end = 0;
        while (end < rest.Length && !char.IsWhiteSpace(rest[end]))
            end++;
        return (rest[..end], rest[end..].TrimStart());
    }
}
