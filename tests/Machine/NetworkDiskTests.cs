using Notifier.Bot;

namespace Notifier.Tests.Machine;

/// <summary>Which folders are another machine's, by what the kernel lists as mounted.</summary>
public sealed class NetworkDiskTests
{
    private static readonly string[] Mounts =
    [
        "22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw",
        "23 22 0:21 / /proc rw,nosuid - proc proc rw",
        "40 22 0:40 / /mnt/nas rw,relatime shared:20 - nfs4 nas.example:/volume rw,vers=4.2",
        "41 40 0:41 / /mnt/nas/own rw - xfs /dev/sdb1 rw",
        "42 22 0:42 / /mnt/with\\040space rw,relatime - cifs //nas/share rw",
        "43 22 0:43 / /srv rw - fuse.sshfs me@elsewhere:/srv rw",
        "44 22 0:44 / /data rw,relatime - 9p host rw,trans=virtio",
        "45 22 0:45 / /over rw - nfs nas.example:/other rw",
        "46 22 0:46 / /over rw - tmpfs tmpfs rw",
    ];

    [Theory]
    [InlineData("/data", "9p")]
    [InlineData("/data/notifier", "9p")]
    [InlineData("/database", null)]
    [InlineData("/mnt/nas/notifier", "nfs4")]
    [InlineData("/mnt/nas/own/notifier", null)]
    [InlineData("/mnt/with space/data", "cifs")]
    [InlineData("/srv/notifier", "fuse.sshfs")]
    [InlineData("/over/data", null)]
    [InlineData("/home/me/data", null)]
    [InlineData("/", null)]
    public void J14_A_folder_on_a_network_file_system_is_known(string folder, string? type) => Assert.Equal(type, NetworkDisk.TypeOf(folder, Mounts));

    [Fact]
    public void J14_What_this_machine_has_mounted_can_be_read() => Assert.Null(NetworkDisk.TypeOf(Path.GetTempPath()));
}
