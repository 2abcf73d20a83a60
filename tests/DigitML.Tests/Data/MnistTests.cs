using System.IO.Compression;
using System.Net;
using DigitML.Data;
using DigitML.IO;
using DigitML.Tests.IO;

namespace DigitML.Tests.Data;

public sealed class MnistTests : IDisposable
{
    private static readonly string[] s_noFolders = [];
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(_folder.File(name), bytes);
        return _folder.File(name);
    }

    [Fact]
    public async Task LoadAsync_TheRealFiles_HoldsAllDigits()
    {
        var mnist = await Mnist.LoadAsync(RealMnist.FolderOrSkip(), Cancellation);

        Assert.Equal(("MNIST train", 60_000), (mnist.Train.Name, mnist.Train.Count));
        Assert.Equal(("MNIST test", 10_000), (mnist.Test.Name, mnist.Test.Count));
        Assert.Equal((28, 28, 10), (mnist.Train.Width, mnist.Train.Height, mnist.Train.ClassCount));
        Assert.Equal([5, 0, 4, 1, 9], mnist.Train.Labels[..5].ToArray());
        Assert.Equal([7, 2, 1, 0, 4], mnist.Test.Labels[..5].ToArray());
        Assert.False(mnist.Train.IsSynthetic);
    }

    [Fact]
    public async Task LoadAsync_FilesPlainOrWithADotInTheirNames_AreFound()
    {
        var real = RealMnist.FolderOrSkip();
        foreach (var file in MnistFile.All)
        {
            var path = MnistFolder.Find(real, file)!;
            using var source = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            using var target = File.Create(_folder.File(file.Name.Replace("-idx", ".idx", StringComparison.Ordinal)));
            source.CopyTo(target);
        }

        Assert.Equal(10_000, (await Mnist.LoadAsync(_folder.FullName, Cancellation)).Test.Count);
    }

    [Fact]
    public async Task LoadAsync_AFolderWithoutMnist_NamesTheFileAndTriesNothingElse()
    {
        var handler = new FakeServer(_ => throw new InvalidOperationException("asked the network"));
        var error = await Assert.ThrowsAsync<DigitException>(() => Mnist.LoadAsync(Options(handler) with { Folder = _folder.FullName }, cancellationToken: Cancellation));
        Assert.Contains($"{_folder.FullName}: no train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz in it", error.Message);
        Assert.Empty(handler.Asked);
    }

    [Fact]
    public async Task LoadAsync_AFileWithOtherContent_IsNotMnist()
    {
        var labels = new byte[10_000];
        Write("train-labels-idx1-ubyte.gz", IdxFiles.Gzip(IdxFiles.Labels(new byte[60_000])));
        Write("t10k-labels-idx1-ubyte", IdxFiles.Labels(labels));
        var error = await Assert.ThrowsAsync<DigitException>(() => Mnist.LoadAsync(_folder.FullName, Cancellation));
        Assert.Contains("the content is not MNIST's train-labels-idx1-ubyte: expected SHA-256 65a50cbb", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task LoadAsync_NothingAnywhere_SaysWhatWasTriedAndWhy()
    {
        var repository = _folder.File("repository");
        Directory.CreateDirectory(Path.Combine(repository, "inner"));
        File.WriteAllText(Path.Combine(repository, "DigitML.sln"), "");
        var handler = new FakeServer(_ => new HttpResponseMessage(HttpStatusCode.NotFound));
        var options = Options(handler) with
        {
            Environment = name => name == "DIGITML_DATA" ? _folder.File("elsewhere") : null,
            StartFolders = [Path.Combine(repository, "inner")],
        };

        var error = await Assert.ThrowsAsync<DigitException>(() => Mnist.LoadAsync(options, cancellationToken: Cancellation));

        Assert.Contains($"DIGITML_DATA: {_folder.File("elsewhere")}: no such folder", error.Message);
        Assert.Contains($"the repository: {Path.Combine(repository, "data", "mnist")}: no such folder", error.Message);
        Assert.Contains($"the cache: {_folder.File("cache")}: no such folder", error.Message);
        Assert.Contains("http://one.test/mnist/train-images-idx3-ubyte.gz: the server answered 404", error.Message);
        Assert.Contains("http://two.test/train-images-idx3-ubyte.gz: the server answered 404", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.False(Directory.Exists(_folder.File("cache")));
    }

    [Fact]
    public async Task LoadAsync_NothingAndNoDownload_AsksNobody()
    {
        var handler = new FakeServer(_ => new HttpResponseMessage(HttpStatusCode.NotFound));
        var error = await Assert.ThrowsAsync<DigitException>(() => Mnist.LoadAsync(Options(handler) with { AllowDownload = false }, cancellationToken: Cancellation));
        Assert.Contains("downloading is switched off", error.Message);
        Assert.Contains("DIGITML_DATA is not set", error.Message);
        Assert.Empty(handler.Asked);
    }

    [Fact]
    public async Task LoadAsync_ADownload_LandsInTheCacheAndIsUsedAgain()
    {
        var real = RealMnist.FolderOrSkip();
        var reports = new List<DownloadProgress>();
        // The first mirror is down: the second is asked.
        var handler = new FakeServer(address => address.Host == "one.test"
            ? throw new HttpRequestException("no route to one.test")
            : new HttpResponseMessage { Content = new ByteArrayContent(File.ReadAllBytes(Path.Combine(real, Path.GetFileName(address.LocalPath)))) });

        var mnist = await Mnist.LoadAsync(Options(handler), new Listener(reports), Cancellation);

        Assert.Equal(_folder.File("cache"), mnist.Source);
        Assert.Equal(MnistFile.All.Select(file => $"{file.Name}.gz").Order(), Directory.GetFiles(_folder.File("cache")).Select(Path.GetFileName).Order());
        Assert.Equal(new FileInfo(Path.Combine(real, "train-images-idx3-ubyte.gz")).Length, reports.Where(report => report.File == "train-images-idx3-ubyte").Max(report => report.BytesReceived));
        Assert.All(reports, report => Assert.True(report.BytesReceived <= report.TotalBytes));

        handler.Asked.Clear();
        Assert.Equal(60_000, (await Mnist.LoadAsync(Options(handler), cancellationToken: Cancellation)).Train.Count);
        Assert.Empty(handler.Asked);
    }

    [Fact]
    public async Task DownloadAsync_ADamagedFileInTheCache_IsReplaced()
    {
        var real = RealMnist.FolderOrSkip();
        foreach (var file in MnistFile.All)
        {
            File.Copy(Path.Combine(real, $"{file.Name}.gz"), _folder.File($"{file.Name}.gz"));
        }

        var damaged = $"{MnistFile.TestLabels.Name}.gz";
        File.WriteAllBytes(_folder.File(damaged), File.ReadAllBytes(Path.Combine(real, damaged))[..2000]);
        Assert.Equal([null, null, null, "cut short"], (await Mnist.VerifyAsync(_folder.FullName, Cancellation)).Select(check => check.Problem is null ? null : check.Problem.Contains("cut short", StringComparison.Ordinal) ? "cut short" : check.Problem));
        var handler = new FakeServer(address => new HttpResponseMessage { Content = new ByteArrayContent(File.ReadAllBytes(Path.Combine(real, Path.GetFileName(address.LocalPath)))) });

        Assert.Equal(_folder.FullName, await Mnist.DownloadAsync(Options(handler) with { Folder = _folder.FullName }, cancellationToken: Cancellation));

        Assert.Equal([new Uri($"http://one.test/mnist/{damaged}")], handler.Asked);
        Assert.All(await Mnist.VerifyAsync(_folder.FullName, Cancellation), check => Assert.Null(check.Problem));
    }

    [Theory]
    [InlineData("wrong content", "expected MNIST's train-images-idx3-ubyte of 47040016 bytes unpacked but found 105")]
    [InlineData("cut short", "the gzip data are cut short")]
    [InlineData("a web page", "but found 6")]
    public async Task DownloadAsync_NotMnist_SaysSoAndLeavesNothing(string what, string expected)
    {
        var handler = new FakeServer(_ => new HttpResponseMessage
        {
            Content = new ByteArrayContent(what switch
            {
                "wrong content" => IdxFiles.Gzip(new byte[105]),
                "cut short" => IdxFiles.Gzip(IdxFiles.Images(3, 5, 7, seed: 421))[..60],
                _ => "<html>"u8.ToArray(),
            }),
        });
        await ExpectFailure(Options(handler), expected);
    }

    [Fact]
    public async Task DownloadAsync_TheRightLengthWithAnotherHash_SaysSoAndLeavesNothing()
    {
        var archive = IdxFiles.Gzip(new byte[MnistFile.TrainImages.Length]);
        var handler = new FakeServer(_ => new HttpResponseMessage { Content = new ByteArrayContent(archive) });
        await ExpectFailure(Options(handler), "expected SHA-256 ba891046");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DownloadAsync_AnEndlessAnswer_IsCutOff(bool saysItsLength)
    {
        var sent = 0L;
        var handler = new FakeServer(_ => new HttpResponseMessage
        {
            Content = saysItsLength
                ? new ByteArrayContent([]) { Headers = { ContentLength = 1L << 40 } }
                : new StreamContent(new EndlessStream(count => sent += count)),
        });
        await ExpectFailure(Options(handler) with { Mirrors = [new Uri("http://one.test/mnist/")] }, "longer than the 47040016 bytes");
        Assert.InRange(sent, 0, 48_000_000);
    }

    [Fact]
    public async Task DownloadAsync_ASilentServer_IsGivenUp()
    {
        var handler = new FakeServer(_ => new HttpResponseMessage { Content = new StreamContent(new SilentStream()) });
        await ExpectFailure(Options(handler) with { SilenceTimeout = TimeSpan.FromMilliseconds(50) }, "nothing came for 0.1 s");
    }

    [Fact]
    public async Task DownloadAsync_Cancelled_ThrowsThatAndLeavesNothing()
    {
        using var cancellation = new CancellationTokenSource();
        var handler = new FakeServer(_ => new HttpResponseMessage { Content = new StreamContent(new SilentStream(cancellation.Cancel)) });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Mnist.DownloadAsync(Options(handler), cancellationToken: cancellation.Token));
        Assert.False(Directory.Exists(_folder.File("cache")));
    }

    [Fact]
    public void SearchFolders_Defaults_FollowTheDocumentedOrder()
    {
        var start = _folder.File("inner");
        Directory.CreateDirectory(start);
        File.WriteAllText(_folder.File("DigitML.sln"), "");
        var options = new MnistOptions
        {
            Environment = name => name switch
            {
                "DIGITML_DATA" => "/here",
                "HOME" or "LOCALAPPDATA" => "/home/someone",
                _ => null,
            },
            StartFolders = [start],
        };
        var folders = Mnist.SearchFolders(options);
        Assert.Equal(3, folders.Count);
        Assert.Equal("/here", folders[0]);
        Assert.Equal(Path.Combine(_folder.FullName, "data", "mnist"), folders[1]);
        Assert.StartsWith("/home/someone", folders[2]);
        Assert.EndsWith(Path.Combine("digitml", "mnist"), folders[2]);
        Assert.Equal(["/given"], Mnist.SearchFolders(options with { Folder = "/given" }));
    }

    private async Task ExpectFailure(MnistOptions options, string expected)
    {
        var error = await Assert.ThrowsAsync<DigitException>(() => Mnist.DownloadAsync(options, cancellationToken: Cancellation));
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.False(Directory.Exists(_folder.File("cache")), "Something was left in the cache.");
    }

    private MnistOptions Options(HttpMessageHandler handler) => new()
    {
        CacheFolder = _folder.File("cache"),
        Handler = handler,
        Mirrors = [new Uri("http://one.test/mnist/"), new Uri("http://two.test/")],
        Environment = _ => null,
        StartFolders = s_noFolders,
    };

    private sealed class Listener(List<DownloadProgress> reports) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => reports.Add(value);
    }
}
