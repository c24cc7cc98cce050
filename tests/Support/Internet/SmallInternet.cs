using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Notifier.Tests.Support.Internet;

/// <summary>
/// An internet of two machines. This process is one, with public addresses and a name server of its own; the other, in a second network namespace
/// at the far end of a cable, is all the rest: it takes connections to every address there is, public and private, and remembers to which.
/// Only for a process that was started in a namespace of its own.
/// </summary>
internal sealed class SmallInternet
{
    public const string OwnAddress = "93.184.216.99";
    public const string OwnAddress6 = "2606:2800:220:1::99";
    public const string Filtered = "10.7.7.7";

    private const int NewNetwork = 0x40000000;

    private static readonly int[] Ports = [22, 25, 80, 443, 6379, 8080, 11211];

    private readonly ConcurrentQueue<IPAddress> _reached = new();

    private SmallInternet()
    {
    }

    public NameServer Names { get; private set; } = null!;

    public static SmallInternet Start()
    {
        var internet = new SmallInternet();
        // Before the other namespace: the runtime's own threads for sockets begin with the first of them, in the namespace of whoever asks.
        foreach (var listener in Ports.Select(Listen))
            _ = internet.AcceptAsync(listener);
        var world = Array.Empty<TcpListener>();
        var thread = 0;
        using var made = new ManualResetEventSlim();
        // It sleeps for good once it listens: threads that it made would be in its namespace too.
        new Thread(() =>
        {
            if (unshare(NewNetwork) == 0)
            {
                thread = gettid();
                world = [.. Ports.Select(Listen)];
            }

            made.Set();
            Thread.CurrentThread.Join();
        }) { IsBackground = true }.Start();
        made.Wait();
        if (thread == 0)
            throw new InvalidOperationException("A second network namespace cannot be made.");

        Run("sh", "-ec", "ip link set lo up");
        Run("nsenter", string.Create(CultureInfo.InvariantCulture, $"--net=/proc/{Environment.ProcessId}/task/{thread}/ns/net"), "sh", "-ec", string.Create(CultureInfo.InvariantCulture, $"""
            ip link set lo up
            ip link add v1 type veth peer name v0 netns {Environment.ProcessId}
            ip link set v1 addrgenmode none
            ip link set v1 up
            ip addr add 93.184.216.1/24 dev v1
            ip addr add 93.184.216.34/24 dev v1
            ip addr add 2606:2800:220:1::1/64 dev v1 nodad
            ip addr add 2606:2800:220:1::34/64 dev v1 nodad
            ip addr add fe80::1/64 dev v1 nodad
            ip -4 route add local 0.0.0.0/0 dev lo table main
            ip -6 route add local ::/0 dev lo table main
            ip route add blackhole {Filtered}/32
            """));
        Run("sh", "-ec", $"""
            ip link set v0 addrgenmode none
            ip link set v0 up
            ip addr add {OwnAddress}/24 dev v0
            ip addr add {OwnAddress6}/64 dev v0 nodad
            ip addr add fe80::2/64 dev v0 nodad
            ip -4 route add default via 93.184.216.1
            ip -6 route add default via 2606:2800:220:1::1
            """);
        internet.Names = new NameServer();
        _ = internet.Names.ServeAsync();
        foreach (var listener in world)
            _ = internet.AcceptAsync(listener);
        return internet;
    }

    /// <summary>The addresses that were connected to since the last look.</summary>
    public string[] TakeReached()
    {
        var taken = new List<string>();
        while (_reached.TryDequeue(out var address))
            taken.Add(address.ToString());
        return [.. taken.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>How many connections this machine has begun, ever.</summary>
    public static long Attempts()
    {
        var lines = File.ReadLines("/proc/self/net/snmp").Where(line => line.StartsWith("Tcp:", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToArray();
        return long.Parse(lines[1][Array.IndexOf(lines[0], "ActiveOpens")], CultureInfo.InvariantCulture);
    }

    /// <summary>What makes the server at a host redirect to another address.</summary>
    public static string Redirecting(string host, int status, string target) =>
        string.Create(CultureInfo.InvariantCulture, $"http://{host}/redirect?{status}&{Convert.ToHexString(Encoding.UTF8.GetBytes(target))}");

    [DllImport("libc", SetLastError = true)]
    private static extern int unshare(int flags);

    [DllImport("libc")]
    private static extern int gettid();

    private static TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.IPv6Any, port);
        listener.Server.DualMode = true;
        listener.Start(512);
        return listener;
    }

    private static void Run(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
            _ = ServeAsync(await listener.AcceptTcpClientAsync());
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        var address = ((IPEndPoint)connection.Client.LocalEndPoint!).Address;
        _reached.Enqueue(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
        try
        {
            var stream = connection.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
            var first = await reader.ReadLineAsync() ?? "";
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
            }

            await stream.WriteAsync(Encoding.Latin1.GetBytes(first.Split(['?', '&', ' ']) is [_, "/redirect", var status, var target, ..]
                ? $"HTTP/1.1 {status} Moved\r\nLocation: {Encoding.Latin1.GetString(Convert.FromHexString(target))}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"));
        }
        catch (IOException)
        {
            // Whoever asked went away.
        }
    }
}
