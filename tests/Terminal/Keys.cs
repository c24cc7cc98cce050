using System.Threading.Channels;

namespace Notifier.Tests.Terminal;

/// <summary>Keys as a person presses them: characters, <c>^a</c> for a control key, <c>&lt;left&gt;</c> for a named one.</summary>
internal static class Keys
{
    public static IEnumerable<ConsoleKeyInfo> Of(string keys)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] == '^')
            {
                i++;
                yield return new ConsoleKeyInfo((char)(keys[i] - 'a' + 1), ConsoleKey.A + (keys[i] - 'a'), false, false, control: true);
            }
            else if (keys[i] == '<')
            {
                var end = keys.IndexOf('>', i);
                yield return Named(keys[(i + 1)..end]);
                i = end;
            }
            else
            {
                yield return new ConsoleKeyInfo(keys[i], ConsoleKey.None, false, false, false);
            }
        }
    }

    /// <summary>A source of these keys that then waits for ever.</summary>
    public static Channel<ConsoleKeyInfo> Source(string keys)
    {
        var channel = Channel.CreateUnbounded<ConsoleKeyInfo>();
        foreach (var key in Of(keys))
            channel.Writer.TryWrite(key);
        return channel;
    }

    static ConsoleKeyInfo Named(string name)
    {
        var (c, key) = name switch
        {
            "left" => ('\0', ConsoleKey.LeftArrow),
            "right" => ('\0', ConsoleKey.RightArrow),
            "up" => ('\0', ConsoleKey.UpArrow),
            "down" => ('\0', ConsoleKey.DownArrow),
            "home" => ('\0', ConsoleKey.Home),
            "end" => ('\0', ConsoleKey.End),
            "del" => ('\0', ConsoleKey.Delete),
            "back" => ('\u007f', ConsoleKey.Backspace),
            "tab" => ('\t', ConsoleKey.Tab),
            "enter" => ('\r', ConsoleKey.Enter),
            _ => throw new ArgumentException(name, nameof(name)),
        };
        return new ConsoleKeyInfo(c, key, false, false, false);
    }
}
