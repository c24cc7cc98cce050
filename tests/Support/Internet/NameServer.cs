using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Notifier.Tests.Support.Internet;

/// <summary>A name server on port 53 that lies in all the ways that attackers' do (RFC 1035 §4).</summary>
internal sealed class NameServer
{
    public const int SilentNames = 50;

    private const int NameExistsNot = 3;
    private const int ServerFailed = 2;
    private const ushort A = 1;
    private const ushort Alias = 5;
    private const ushort Aaaa = 28;

    private readonly ConcurrentDictionary<string, bool> _silent = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _allSilentAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _rebindings;

    /// <summary>Completes when every name that gets no answer was asked for.</summary>
    public Task AllSilentAsked => _allSilentAsked.Task;

    public async Task ServeAsync()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 53));
        while (true)
        {
            var question = await socket.ReceiveAsync();
            if (Answer(question.Buffer) is { } answer)
                await socket.SendAsync(answer, question.RemoteEndPoint);
        }
    }

    private byte[]? Answer(byte[] question)
    {
        var (name, end) = Name(question);
        var type = BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(end));
        if (name.EndsWith(".silent.test", StringComparison.Ordinal))
        {
            if (_silent.TryAdd(name, true) && _silent.Count == SilentNames)
                _allSilentAsked.TrySetResult();
            return null;
        }

        (int Code, string[] Addresses) told = name switch
        {
            "public.test" => (0, ["93.184.216.34"]),
            "public6.test" => (0, ["2606:2800:220:1::34"]),
            "private.test" or "cname.test" => (0, ["10.0.0.5"]),
            "loop.test" => (0, ["127.0.0.1", "::1"]),
            "zero.test" => (0, ["0.0.0.0"]),
            "zero6.test" => (0, ["::"]),
            "metadata.test" => (0, ["169.254.169.254"]),
            "nat64.test" => (0, ["64:ff9b::10.0.0.5"]),
            "mixed.test" => (0, ["10.0.0.5", "93.184.216.34", "fd00::5", "192.168.1.1"]),
            "many.test" => (0, [.. Enumerable.Range(1, 60).Select(i => $"93.184.217.{i}")]),
            "rebinding.test" => (0, type == A && Interlocked.Increment(ref _rebindings) % 2 == 0 ? ["10.0.0.5"] : ["93.184.216.34"]),
            "empty.test" => (0, []),
            "failing.test" => (ServerFailed, []),
            _ => (NameExistsNot, []),
        };
        return Message(question, end + 4, told.Code, type, name == "cname.test", [.. told.Addresses.Select(IPAddress.Parse)]);
    }

    private static byte[] Message(byte[] question, int questionEnd, int code, ushort type, bool isAlias, IPAddress[] addresses)
    {
        using var message = new MemoryStream();
        var family = type switch { A => AddressFamily.InterNetwork, Aaaa => AddressFamily.InterNetworkV6, _ => AddressFamily.Unknown };
        var fitting = addresses.Where(address => address.AddressFamily == family).ToArray();
        message.Write(question.AsSpan(0, 2));
        message.Write([0x85, (byte)(0x80 | code), 0, 1]);
        Number((ushort)(fitting.Length + (isAlias ? 1 : 0)));
        message.Write([0, 0, 0, 0]);
        message.Write(question.AsSpan(12, questionEnd - 12));
        var owner = (ushort)0xc00c;
        if (isAlias)
        {
            var target = "\u0007private\u0004test\0"u8;
            Number(owner, Alias, 1, 0, 0, (ushort)target.Length);
            owner = (ushort)(0xc000 | message.Length);
            message.Write(target);
        }

        foreach (var address in fitting)
        {
            var bytes = address.GetAddressBytes();
            Number(owner, type, 1, 0, 0, (ushort)bytes.Length);
            message.Write(bytes);
        }

        return message.ToArray();

        void Number(params ReadOnlySpan<ushort> numbers)
        {
            foreach (var number in numbers)
                message.Write([(byte)(number >> 8), (byte)number]);
        }
    }

    private static (string Name, int End) Name(byte[] question)
    {
        var labels = new List<string>();
        var at = 12;
        while (question[at] is > 0 and var length)
        {
            labels.Add(Encoding.ASCII.GetString(question, at + 1, length));
            at += length + 1;
        }

        return (string.Join('.', labels).ToLowerInvariant(), at + 1);
    }
}
