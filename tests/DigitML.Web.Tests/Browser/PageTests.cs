using System.Text.Json;
using DigitML.Imaging;
using DigitML.Reading;
using Microsoft.Playwright;

namespace DigitML.Web.Tests.Browser;

public sealed class PageTests : IClassFixture<BrowserFixture>
{
    private static readonly BrowserNewContextOptions s_phone = new() { ViewportSize = new() { Width = 390, Height = 844 }, DeviceScaleFactor = 2, HasTouch = true, IsMobile = true };

    private readonly BrowserFixture _browser;

    public PageTests(BrowserFixture browser)
    {
        _browser = browser;
    }

    [Fact]
    public async Task Pad_EachDigitDrawnWithTheMouse_IsRead()
    {
        await using var visitor = await _browser.VisitAsync();
        for (var digit = 0; digit < 10; digit++)
        {
            await visitor.DrawAsync(Strokes.Of(digit));
            await visitor.SeeAsync($"Predicted: {digit}");
            await visitor.Page.ClickAsync("#clear");
            await visitor.SeeAsync("Nothing to read yet");
        }
    }

    [Fact]
    public async Task Pad_OneStrokeUndone_IsAsBefore()
    {
        await using var visitor = await _browser.VisitAsync();
        await visitor.DrawAsync(Strokes.Of(1, centre: 0.3, size: 0.8));
        await visitor.SeeAsync("Predicted: 1");
        await visitor.DrawAsync(Strokes.Of(7, centre: 0.7, size: 0.8));
        await visitor.SeeAsync("Predicted: 17");
        await visitor.PhotographAsync("desktop-light");

        await visitor.Page.ClickAsync("#undo");
        await visitor.SeeAsync("Predicted: 1");
        await visitor.Page.ClickAsync("#undo");
        await visitor.SeeAsync("Nothing to read yet");
        Assert.True(await visitor.Page.Locator("#undo").IsDisabledAsync());
    }

    [Fact]
    public async Task Pad_PenWidth_ChangesTheInk()
    {
        await using var visitor = await _browser.VisitAsync();
        var ink = new int[2];
        for (var i = 0; i < 2; i++)
        {
            await visitor.Page.Locator("#pen-width").FillAsync(i == 0 ? "6" : "30");
            await visitor.DrawAsync(Strokes.Of(1));
            ink[i] = await visitor.Page.EvaluateAsync<int>("() => { const p = document.getElementById('pad'); const c = new OffscreenCanvas(p.width, p.height).getContext('2d', { willReadFrequently: true }); c.drawImage(p, 0, 0); return c.getImageData(0, 0, p.width, p.height).data.filter((v, i) => i % 4 === 0 && v < 128).length; }");
            await visitor.Page.ClickAsync("#clear");
        }

        Assert.InRange(ink[1], 3 * ink[0], 8 * ink[0]);
    }

    [Fact]
    public async Task Pad_ByKeyboardAlone_WritesReadsAndClears()
    {
        await using var visitor = await _browser.VisitAsync();
        var page = visitor.Page;
        for (var tabs = 0; tabs < 12 && await page.EvaluateAsync<string>("() => document.activeElement.id") != "pad"; tabs++)
        {
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Equal("pad", await page.EvaluateAsync<string>("() => document.activeElement.id"));
        await page.Keyboard.PressAsync("Space");
        for (var i = 0; i < 7; i++)
        {
            await page.Keyboard.PressAsync("Shift+ArrowDown");
        }

        await page.Keyboard.PressAsync("Space");
        await visitor.SeeAsync("Predicted: 1");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("undo", await page.EvaluateAsync<string>("() => document.activeElement.id"));
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await visitor.SeeAsync("Nothing to read yet");

        // Files are chosen by keyboard too: the labels' inputs take the focus.
        await page.Keyboard.PressAsync("Shift+Tab");
        var reached = new HashSet<string>();
        for (var tabs = 0; tabs < 14; tabs++)
        {
            reached.Add(await page.EvaluateAsync<string>("() => document.activeElement.id"));
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Superset(new HashSet<string> { "pad", "pen-width", "file", "camera", "single" }, reached);
    }

    [Fact]
    public async Task Upload_PngUnderAnyName_IsReadAsTheLibraryReadsIt()
    {
        await using var visitor = await _browser.VisitAsync();
        for (var i = 0; i < 3; i++)
        {
            var file = PngEncoder.Encode(TestPictures.Row(TestPictures.Digit(i)));
            var reading = new DigitReader(TestModel.Loaded.Model).Read(file);
            var name = i == 0 ? "a.png" : $"a{i}.jpg";

            await visitor.ChooseAsync(name, file, i == 0 ? "image/png" : "image/jpeg");

            await Assertions.Expect(visitor.Page.Locator("#caption")).ToHaveTextAsync($"{name}, 140×140 pixels");
            await visitor.SeeAsync($"Predicted: {reading.Text}");
            var probability = reading.Digits[0].Probability;
            Assert.Equal(probability > 0.999 ? ">99.9 %" : $"{100 * probability:F1} %", await visitor.Page.Locator("#bars .best .share").TextContentAsync());
            Assert.Equal(10, await visitor.Page.Locator("#bars li").CountAsync());
        }
    }

    [Fact]
    public async Task Upload_TwoDigits_ShowsBoxesAndWhatIsSelected()
    {
        await using var visitor = await _browser.VisitAsync();
        var (first, second) = (TestPictures.Digit(2), TestPictures.Digit(3));
        var reading = new DigitReader(TestModel.Loaded.Model).Read(PngEncoder.Encode(TestPictures.Row(first, second)));
        Assert.Equal(2, reading.Digits.Count);

        await visitor.ChooseAsync("two.png", PngEncoder.Encode(TestPictures.Row(first, second)));

        await visitor.SeeAsync($"Predicted: {reading.Text}");
        var boxes = visitor.Page.Locator("#boxes button");
        Assert.Equal(2, await boxes.CountAsync());
        var frame = (await visitor.Page.Locator("#frame").BoundingBoxAsync())!;
        for (var i = 0; i < 2; i++)
        {
            await boxes.Nth(i).ClickAsync();
            await Assertions.Expect(visitor.Page.Locator("#digit-title")).ToHaveTextAsync($"Digit {i + 1} of 2");
            Assert.Equal("true", await boxes.Nth(i).GetAttributeAsync("aria-pressed"));
            Assert.Equal($"{reading.Digits[i].Digit}", (await visitor.Page.Locator("#bars .best span").First.TextContentAsync())!);
            var box = (await boxes.Nth(i).BoundingBoxAsync())!;

            // Boxes are drawn to the pixel of the screen.
            Assert.Equal(reading.Digits[i].Box.X / 280.0, (box.X - frame.X) / frame.Width, 0.01);
            Assert.Equal(reading.Digits[i].Box.Height / 140.0, box.Height / frame.Height, 0.01);
        }

        // Red where the gradient times the input is above 0, blue below.
        var seen = await visitor.Page.EvaluateAsync<string>("() => new Promise(done => requestAnimationFrame(() => setTimeout(() => { const c = document.getElementById('overlay').getContext('2d').getImageData(0, 0, 28, 28).data; done(JSON.stringify([...Array(784).keys()].map(i => Math.sign(c[4 * i] - c[4 * i + 2])))); }, 300)))");
        var signs = JsonSerializer.Deserialize<int[]>(seen)!;
        var attribution = TestModel.Loaded.Model.Attribution(reading.Digits[1].Image.Pixels, reading.Digits[1].Digit);
        var strongest = attribution.Max(Math.Abs);
        for (var i = 0; i < 784; i++)
        {
            if (Math.Abs(attribution[i]) > 0.01 * strongest)
            {
                Assert.Equal(Math.Sign(attribution[i]), signs[i]);
            }
        }

        await visitor.PhotographAsync("two-digits");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public async Task Upload_PhotographFromAPhone_IsTurnedUpright(int orientation)
    {
        await using var visitor = await _browser.VisitAsync();

        // The browser itself makes the JPEG: a 7, as the sensor sees it when the phone is held upright (6: turn right to see it).
        var data = await visitor.Page.EvaluateAsync<string>("""
            orientation => {
              const canvas = document.createElement('canvas');
              const [long, short] = [480, 360];
              [canvas.width, canvas.height] = orientation === 6 ? [long, short] : [short, long];
              const c = canvas.getContext('2d');
              c.fillStyle = '#ddd9d0';
              c.fillRect(0, 0, long, long);
              if (orientation === 6) c.transform(0, -1, 1, 0, 0, short);
              c.lineWidth = 22; c.lineCap = c.lineJoin = 'round'; c.strokeStyle = '#223';
              c.beginPath(); c.moveTo(90, 110); c.lineTo(270, 105); c.lineTo(165, 380); c.stroke();
              return canvas.toDataURL('image/jpeg', 0.9);
            }
            """, orientation);
        var jpeg = WithOrientation(Convert.FromBase64String(data[(data.IndexOf(',') + 1)..]), orientation);

        await visitor.ChooseAsync("IMG_0007.JPG", jpeg, "image/jpeg");

        await Assertions.Expect(visitor.Page.Locator("#caption")).ToHaveTextAsync("IMG_0007.JPG, 360×480 pixels");
        await visitor.SeeAsync("Predicted: 7");
        await visitor.PhotographAsync($"photograph-{orientation}");
    }

    [Fact]
    public async Task Upload_WhatIsNoPicture_SaysSoAndGoesOn()
    {
        await using var visitor = await _browser.VisitAsync();
        visitor.ExpectedStatuses.Add(422);

        await visitor.ChooseAsync("notes.txt", "These are notes."u8.ToArray(), "text/plain");
        await visitor.SeeErrorAsync("notes.txt: expected a picture");
        await visitor.PhotographAsync("error");
        await visitor.ChooseAsync("empty.png", []);
        await visitor.SeeErrorAsync("empty.png: expected a picture");
        await visitor.SeeErrorAsync("the file is empty");
        await visitor.ChooseAsync("large.png", new byte[11_000_000]);
        await visitor.SeeErrorAsync("large.png: expected a picture of at most 10,000,000 bytes but it has 11,000,000.");

        await visitor.ChooseAsync("seven.png", PngEncoder.Encode(TestPictures.Row(TestPictures.Digit(1))));
        await Assertions.Expect(visitor.Page.Locator("#caption")).ToContainTextAsync("seven.png");
        Assert.Equal("", await visitor.Page.Locator("#error").TextContentAsync());
    }

    [Theory]
    [InlineData("drop")]
    [InlineData("paste")]
    public async Task Upload_DroppedOrPasted_IsRead(string way)
    {
        await using var visitor = await _browser.VisitAsync();
        var file = PngEncoder.Encode(TestPictures.Row(TestPictures.Digit(4)));

        await visitor.Page.EvaluateAsync("""
            ([way, data]) => {
              const transfer = new DataTransfer();
              transfer.items.add(new File([Uint8Array.from(atob(data), c => c.charCodeAt(0))], 'clip.png', { type: 'image/png' }));
              const options = { bubbles: true, cancelable: true };
              const event = way === 'drop' ? new DragEvent('drop', { ...options, dataTransfer: transfer }) : new ClipboardEvent('paste', { ...options, clipboardData: transfer });
              document.getElementById('drop').dispatchEvent(event);
            }
            """, new[] { way, Convert.ToBase64String(file) });

        await Assertions.Expect(visitor.Page.Locator("#caption")).ToHaveTextAsync("clip.png, 140×140 pixels");
        await visitor.SeeAsync($"Predicted: {new DigitReader(TestModel.Loaded.Model).Read(file).Text}");
    }

    [Fact]
    public async Task Phone_ByTouch_WritesAndReadsWithoutScrollingSideways()
    {
        await using var visitor = await _browser.VisitAsync(s_phone);
        await visitor.Page.EvaluateAsync("""
            points => {
              const pad = document.getElementById('pad');
              const box = pad.getBoundingClientRect();
              const send = (type, [x, y]) => pad.dispatchEvent(new PointerEvent(type, { pointerId: 5, pointerType: 'touch', isPrimary: true, bubbles: true, cancelable: true, button: 0, buttons: 1, clientX: box.left + x * box.width, clientY: box.top + y * box.height }));
              pad.setPointerCapture = () => {};
              send('pointerdown', points[0]);
              points.slice(1).forEach(point => send('pointermove', point));
              send('pointerup', points.at(-1));
            }
            """, Strokes.Of(7).Single().Select(point => new[] { point.X, point.Y }).ToArray());

        await visitor.SeeAsync("Predicted: 7");
        Assert.Equal("none", await visitor.Page.EvaluateAsync<string>("() => getComputedStyle(document.getElementById('pad')).touchAction"));
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        Assert.Equal("environment", await visitor.Page.Locator("#camera").GetAttributeAsync("capture"));
        foreach (var target in await visitor.Page.Locator("button:visible, label.button:visible").AllAsync())
        {
            // WCAG 2.2, 2.5.8: targets of at least 24 pixels a side.
            Assert.True((await target.BoundingBoxAsync())!.Height >= 24);
        }

        await visitor.PhotographAsync("phone-light");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Page_InLightAndDark_HasContrastAndNames(ColorScheme colours)
    {
        await using var visitor = await _browser.VisitAsync(new() { ColorScheme = colours, ViewportSize = new() { Width = 1280, Height = 900 } });
        await visitor.DrawAsync(Strokes.Of(3));
        await visitor.SeeAsync("Predicted: 3");
        Assert.Empty(await visitor.Page.EvaluateAsync<string[]>(Audit.Script));
        await visitor.PhotographAsync($"answer-{colours}".ToLowerInvariant());

        visitor.ExpectedStatuses.Add(422);
        await visitor.ChooseAsync("notes.txt", "These are notes."u8.ToArray(), "text/plain");
        await visitor.SeeErrorAsync("notes.txt");
        Assert.Empty(await visitor.Page.EvaluateAsync<string[]>(Audit.Script));

        await visitor.Page.GotoAsync("/model");
        await visitor.Page.Locator(".matrix").WaitForAsync();
        Assert.Empty(await visitor.Page.EvaluateAsync<string[]>(Audit.Script));
        await visitor.PhotographAsync($"model-{colours}".ToLowerInvariant());
    }

    [Fact]
    public async Task Model_Page_ShowsTheFiguresOfItsFiles()
    {
        await using var visitor = await _browser.VisitAsync(s_phone);
        await visitor.Page.ClickAsync("nav a[href='/model']");
        await visitor.Page.Locator(".matrix").WaitForAsync();
        var text = (await visitor.Page.Locator("#report").TextContentAsync())!;

        var evaluation = TestModel.Loaded.Evaluation!;
        Assert.Contains($"{100 * evaluation.MicroAccuracy:F2} %", text, StringComparison.Ordinal);
        Assert.Contains($"{100 * evaluation.AccuracyInterval.Lower:F2} % to {100 * evaluation.AccuracyInterval.Upper:F2} %", text, StringComparison.Ordinal);
        Assert.Contains("MNIST", text, StringComparison.Ordinal);
        Assert.Contains(TestModel.Loaded.Model.Hash, text, StringComparison.Ordinal);
        Assert.Equal($"{evaluation.ConfusionMatrix[3, 3]:N0}", await visitor.Page.Locator(".matrix tbody tr").Nth(3).Locator("td").Nth(3).TextContentAsync());
        Assert.Equal(4, await visitor.Page.Locator(".chart polyline").CountAsync());
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        await visitor.PhotographAsync("model-phone");
    }

    /// <summary>Puts an EXIF block with an orientation behind a JPEG's first marker.</summary>
    private static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }
}
