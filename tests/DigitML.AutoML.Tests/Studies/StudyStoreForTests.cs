using DigitML.AutoML.Studies;
using DigitML.IO;

namespace DigitML.AutoML.Tests.Studies;

public class StudyStoreForTests
{
    [Theory]
    [InlineData("Host=db;Database=studies;Username=me;Password=secret", "PostgreSQL at db:5432, database studies")]
    [InlineData("database = studies; host = db; port=99", "PostgreSQL at db:99, database studies")]
    [InlineData("postgres://me:secret@db/studies", "PostgreSQL at db:5432, database studies")]
    [InlineData("postgresql://me:s%40cret@db:99/studies?sslmode=require", "PostgreSQL at db:99, database studies")]
    [InlineData("out/study.db", "out/study.db")]
    [InlineData("hosts=1.db", "hosts=1.db")]
    public async Task For_AText_IsTheStoreThatItNames(string text, string name)
    {
        await using var store = StudyStore.For(text);
        Assert.Equal(name, store.Name);
    }

    [Theory]
    [InlineData("Host=db;Password=secret;Sparrows=7")]
    [InlineData("Host=db;Port=secret")]
    [InlineData("postgres://db/studies?secret")]
    [InlineData("postgres://")]
    public void For_AConnectionThatMakesNoSense_IsOneLine(string text)
    {
        var error = Assert.Throws<DigitException>(() => StudyStore.For(text));
        Assert.StartsWith("the study's database: expected Host=…;Database=…;Username=… or postgres://user@host/database, but: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
