using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Notifier.Model;

/// <summary>How <c>dotnet ef migrations add</c> makes the context; never used at run time.</summary>
internal sealed class DesignTimeDb : IDesignTimeDbContextFactory<NotifierDb>
{
    public NotifierDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<NotifierDb>().UseSqlite("Data Source=design.db").Options);
}
