using System.Buffers;
using System.IO.Compression;

namespace Notifier.Feeds.Fetching;

/// <summary>
/// Reads and unpacks one body into a rented buffer, within the limits. Unpacking is ours because the handler's own has
/// no limit: 1.7 kB of brotli can be 1 GiB. A cut body is a fault (<c>System.IO.Compression.UseStrictValidation</c>).
/// </summary>
internal sealed class BodyReader(int limit, string host) : IDisposable
{
    private const int MaxRatio = 100;
    private const int RatioCountsFrom = 256 * 1024;
    private const int FirstBuffer = 16 * 1024;

    private byte[] _buffer = [];
    private int _length;

    /// <summary>What was read; valid until the reader is disposed.</summary>
    public ReadOnlySpan<byte> Body => _buffer.AsSpan(0, _length);

    /// <exception cref="FetchFaultException">Too large, or packed in a way that we do not read.</exception>
    /// <exception cref="InvalidDataException">The packed body is damaged or cut off.</exception>
    public async ValueTask ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var declared = content.Headers.ContentLength;
        if (declared > limit)
            throw TooLarge(host, limit);

        using var raw = await content.ReadAsStreamAsync(cancellationToken);
        if (EncodingOf(content) is not { } encoding)
        {
            await FillAsync(raw, null, declared is { } length ? (int)length + 1 : FirstBuffer, cancellationToken);
            return;
        }

        using var wire = new WireStream(raw, limit, host);
        using Stream plain = encoding switch
        {
            "gzip" or "x-gzip" => new GZipStream(wire, CompressionMode.Decompress),
            "br" => new BrotliStream(wire, CompressionMode.Decompress),
            "deflate" when await wire.StartsAsZlibAsync(cancellationToken) => new ZLibStream(wire, CompressionMode.Decompress),
            "deflate" => new DeflateStream(wire, CompressionMode.Decompress),
            _ => throw new FetchFaultException(FetchFailure.Broken, $"{host} packs its answer in a way that I cannot unpack."),
        };
        await FillAsync(plain, wire, FirstBuffer, cancellationToken);
        // The one cut that strict validation lets pass.
        if (wire.Count == 0)
            throw new InvalidDataException();
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    internal static FetchFaultException TooLarge(string host, int limit) =>
        new(FetchFailure.TooLarge, $"The answer of {host} is larger than {limit / (1024 * 1024.0):0.#} MiB, too much for a feed.");

    private async ValueTask FillAsync(Stream stream, WireStream? wire, int expected, CancellationToken cancellationToken)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(expected);
        while (true)
        {
            if (_length == _buffer.Length)
                Grow();
            var read = await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            if (read == 0)
                return;
            _length += read;
            if (_length > limit)
                throw TooLarge(host, limit);
            if (wire is not null && _length > RatioCountsFrom && _length > MaxRatio * wire.Count)
                throw new FetchFaultException(FetchFailure.TooLarge, $"The answer of {host} unpacks to more than {MaxRatio} times its size, which no feed does.");
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        Body.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    /// <summary>Null for a plain body; several encodings at once come out as one unknown name.</summary>
    private static string? EncodingOf(HttpContent content)
    {
        if (!content.Headers.NonValidated.TryGetValues("Content-Encoding", out var values))
            return null;
        var name = values.ToString().Trim().ToLowerInvariant();
        return name is "" or "identity" ? null : name;
    }
}
