using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Notifier.Tests.Support;

/// <summary>A certificate authority for one test, which nothing else knows.</summary>
internal sealed class Authority : IDisposable
{
    private static readonly DateTimeOffset Begin = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public Authority()
    {
        var request = new CertificateRequest("CN=The test's authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        _certificate = request.CreateSelfSigned(Begin, End);
    }

    /// <summary>That of somebody who knows this authority and no other.</summary>
    public X509ChainPolicy Trust => new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { _certificate }, RevocationMode = X509RevocationMode.NoCheck };

    /// <param name="days">How long ago it ended; 0 for one that goes on.</param>
    /// <param name="ballast">Bytes that it carries along.</param>
    public X509Certificate2 Issue(string host, int days = 0, int ballast = 0)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var bare = Request(host, key, ballast).Create(_certificate, Begin, days == 0 ? End : TimeProvider.System.GetUtcNow().AddDays(-days), [1, 2, 3, 4]);
        return Keep(bare.CopyWithPrivateKey(key));
    }

    /// <summary>One that vouches for itself.</summary>
    public static X509Certificate2 SelfMade(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Keep(Request(host, key, 0).CreateSelfSigned(Begin, End));
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    private static CertificateRequest Request(string host, ECDsa key, int ballast)
    {
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        if (ballast > 0)
            request.CertificateExtensions.Add(new X509Extension("1.3.6.1.4.1.99999.1", new byte[ballast], critical: false));
        return request;
    }

    /// <summary>With a key that a server can use.</summary>
    private static X509Certificate2 Keep(X509Certificate2 certificate)
    {
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
