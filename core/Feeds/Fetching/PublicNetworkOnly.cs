using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Notifier.Texts;

namespace Notifier.Feeds.Fetching;

/// <summary>
/// Keeps feeds from reaching into the operator's network: every connection is judged by the very address it goes to,
/// at the moment it is made, so neither a redirect nor a name that changes its answer gets around it.
/// </summary>
internal sealed class PublicNetworkOnly
{
    /// <summary>The same for every closed target: the answer must not tell what is there.</summary>
    public static Phrase Reason { get; } = Phrase.Of("fetch.notpublic");

    private const int MaxAttempts = 4;

    /// <summary>Names of which it is kept that they led into the public network.</summary>
    private const int MostNames = 100_000;

    // Of https://fetch.spec.whatwg.org/#port-blocking what lies above 1023, and the usual databases, caches and control ports.
    private static readonly HashSet<int> ClosedPorts =
    [
        1433, 1521, 1719, 1720, 1723, 2049, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 3659, 4045, 4190, 5060, 5061, 5432, 5672, 5900, 5984, 5985, 6000,
        6379, 6380, 6443, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9042, 9092, 9200, 9300, 10080, 10250, 11211, 15672, 26379, 27017,
    ];

    private readonly FetchOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly OwnAddresses _own;
    private readonly IPNetwork[] _allowed;
    private readonly ConcurrentDictionary<string, bool> _public = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="resolve">Names to addresses; the system's resolver when null.</param>
    /// <exception cref="FormatException">One of the allowed networks is not a network.</exception>
    public PublicNetworkOnly(FetchOptions options, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        _options = options;
        _time = time;
        _resolve = resolve ?? LookUpAsync;
        _own = new OwnAddresses(time);
        _allowed = [.. options.AllowedNetworks.Select(text => FetchOptions.TryReadNetwork(text, out var network)
            ? network
            : throw new FormatException($"“{text}” is not a network such as 192.168.1.0/24."))];
    }

    /// <summary>Whether the settings let us talk to that address at all.</summary>
    public bool Allows(IPAddress address) => Addresses.KindOf(address) switch
    {
        AddressKind.Public => !_own.Contains(address) || Opened(address),
        AddressKind.Private => Opened(address),
        _ => false,
    };

    /// <summary>
    /// Whether a URL may be asked for. Only the servers of <see cref="FetchOptions.AllowedUrls"/> need this look:
    /// a connection opened for the allowed URL must not serve another path of the same server.
    /// </summary>
    public bool Allows(Uri url)
    {
        foreach (var allowed in _options.AllowedUrls)
        {
            if (allowed.Port != url.Port || !string.Equals(allowed.IdnHost, url.IdnHost, StringComparison.OrdinalIgnoreCase))
                continue;
            return allowed == url || (IPAddress.TryParse(url.IdnHost, out var address) && Allows(address));
        }

        return true;
    }

    /// <summary>
    /// Whether this name has led into the public network, as far as anybody knows: then what came from it may have come from there, whatever it leads to now.
    /// Kept only where the settings open a private one, from the start of the process on.
    /// </summary>
    public bool WasPublic(string host) => _public.ContainsKey(host) || _public.Count >= MostNames;

    /// <summary>The <see cref="SocketsHttpHandler.ConnectCallback"/>: resolves once, judges every candidate, connects to one that passed.</summary>
    /// <exception cref="FetchFaultException">Nothing may be or could be connected to.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var candidates = await ResolveAsync(host, cancellationToken);
        var ownUrl = _options.AllowedUrls.Any(url => url.Port == port && string.Equals(url.IdnHost, host, StringComparison.OrdinalIgnoreCase));
        var open = candidates.Where(address => Allows(address) || (ownUrl && IPAddress.IsLoopback(address))).Take(MaxAttempts).ToArray();
        if ((_options.AllowPrivateNetworks || _allowed.Length > 0) && _public.Count < MostNames && Array.Exists(open, address => Addresses.KindOf(address) == AddressKind.Public))
            _public.TryAdd(host, true);
        if (open.Length == 0)
            throw new FetchFaultException(FetchFailure.NotPublic, Reason);
        if (!IsWebPort(port) && Array.Exists(open, address => Addresses.KindOf(address) == AddressKind.Public))
            throw new FetchFaultException(FetchFailure.BadAddress, Phrase.Of("fetch.port", ("port", port)));

        SocketException? last = null;
        for (var i = 0; i < open.Length; i++)
        {
            // A silent address must leave time for the next one.
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var share = new CancellationTokenSource(_options.ConnectTimeLimit / open.Length, _time);
            using var ended = share.Token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), attempt);
            try
            {
                return await ConnectAsync(open[i], port, attempt.Token);
            }
            catch (SocketException fault)
            {
                last = fault;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                last = new SocketException((int)SocketError.TimedOut);
            }
        }

        throw last!.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => new FetchFaultException(FetchFailure.Refused, Phrase.Of("fetch.refused", ("host", host), ("port", port))),
            SocketError.TimedOut => new FetchFaultException(FetchFailure.TimedOut, Phrase.Of("fetch.late", ("host", host), ("seconds", (int)_options.ConnectTimeLimit.TotalSeconds))),
            _ => new FetchFaultException(FetchFailure.Refused, Phrase.Of("fetch.unreachable", ("host", host))),
        };
    }

    private static async Task<Stream> ConnectAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            if (socket.RemoteEndPoint is not IPEndPoint remote || !remote.Address.Equals(address))
                throw new FetchFaultException(FetchFailure.NotPublic, Reason);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// On a thread of its own, which the system's look-up blocks until it is answered: of the pool's threads, fifty names that nobody answers for
    /// would take all, and every other feed would wait with them.
    /// </summary>
    private static async Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellationToken)
    {
        var look = Task.Factory.StartNew(() => Dns.GetHostAddresses(host), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        return await look.WaitAsync(cancellationToken);
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        // An IPv6 literal comes with its brackets, which TryParse takes.
        if (IPAddress.TryParse(host, out var literal))
            return [literal];
        try
        {
            var addresses = await _resolve(host, cancellationToken);
            return addresses.Length > 0 ? addresses : throw new SocketException((int)SocketError.NoData);
        }
        catch (SocketException fault)
        {
            throw new FetchFaultException(FetchFailure.NameNotFound, Phrase.Of(NoAddress(fault.SocketErrorCode), ("host", host)));
        }
    }

    private static string NoAddress(SocketError error) => error switch
    {
        SocketError.HostNotFound => "fetch.nohost",
        SocketError.NoData => "fetch.noserver",
        _ => "fetch.lookup",
    };

    private bool Opened(IPAddress address) => _options.AllowPrivateNetworks || Array.Exists(_allowed, network => network.Contains(address));

    private static bool IsWebPort(int port) => port is 80 or 443 || (port >= 1024 && !ClosedPorts.Contains(port));
}
