using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Notifier.Texts;

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
    private const int NearTheEnd = 4096;

    private byte[] _buffer = [];
    private int _length;
    private bool _endIsAnnounced = true;

    /// <summary>What was read; valid until the reader is disposed.</summary>
    public ReadOnlySpan<byte> Body => _buffer.AsSpan(0, _length);

    /// <summary>See <see cref="FetchResult.Fetched.MayBeCut"/>; of a chunked body it says nothing.</summary>
    public bool MayBeCut => !_endIsAnnounced && !LooksComplete(Body);

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
            _endIsAnnounced = declared is not null;
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
            _ => throw new FetchFaultException(FetchFailure.Broken, Phrase.Of("fetch.encoding", ("host", host))),
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
        new(FetchFailure.TooLarge, Phrase.Of("fetch.toolarge", ("host", host), ("size", (limit / (1024 * 1024.0)).ToString("0.#", CultureInfo.InvariantCulture))));

    /// <summary>Whether a document closes what it opened: the root, near its end. Of what is no XML nothing is held to be missing: JSON that is cut cannot be read anyway.</summary>
    private static bool LooksComplete(ReadOnlySpan<byte> body)
    {
        var text = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        text = text.TrimStart(" \t\r\n"u8);
        if (text is not [(byte)'<', not 0, ..])
            return true;
        text = text[Math.Max(0, text.Length - NearTheEnd)..];
        for (var at = text.IndexOf("</"u8); at >= 0; at = text.IndexOf("</"u8))
        {
            text = text[(at + 2)..];
            var name = text[..Math.Max(0, text.IndexOf((byte)'>'))].TrimEnd(" \t\r\n"u8);
            name = name[(name.IndexOf((byte)':') + 1)..];
            if (Ascii.EqualsIgnoreCase(name, "rss"u8) || Ascii.EqualsIgnoreCase(name, "feed"u8) || Ascii.EqualsIgnoreCase(name, "rdf"u8) || Ascii.EqualsIgnoreCase(name, "html"u8))
                return true;
        }

        return false;
    }

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
                throw new FetchFaultException(FetchFailure.TooLarge, Phrase.Of("fetch.bomb", ("host", host), ("times", MaxRatio)));
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
