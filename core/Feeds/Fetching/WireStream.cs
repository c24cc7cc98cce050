namespace Notifier.Feeds.Fetching;

/// <summary>A body as it comes over the wire: counts its bytes and ends the fetch when there are too many.</summary>
internal sealed class WireStream(Stream inner, int limit, string host) : Stream
{
    private readonly byte[] _ahead = new byte[2];
    private int _aheadStart;
    private int _aheadEnd;

    /// <summary>The bytes read so far.</summary>
    public long Count { get; private set; }

    /// <summary>Whether the body begins as zlib does (RFC 1950 §2.2); some servers call a bare deflate stream “deflate” too.</summary>
    public async ValueTask<bool> StartsAsZlibAsync(CancellationToken cancellationToken)
    {
        while (_aheadEnd < _ahead.Length)
        {
            var read = await inner.ReadAsync(_ahead.AsMemory(_aheadEnd), cancellationToken);
            if (read == 0)
                break;
            _aheadEnd += read;
        }

        return _aheadEnd == 2 && (_ahead[0] & 0x0f) == 8 && ((_ahead[0] << 8) | _ahead[1]) % 31 == 0;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        if (_aheadStart < _aheadEnd)
        {
            read = Math.Min(buffer.Length, _aheadEnd - _aheadStart);
            _ahead.AsMemory(_aheadStart, read).CopyTo(buffer);
            _aheadStart += read;
        }
        else
        {
            read = await inner.ReadAsync(buffer, cancellationToken);
        }

        Count += read;
        return Count <= limit ? read : throw BodyReader.TooLarge(host, limit);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
