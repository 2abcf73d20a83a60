namespace DigitML.Web.Tests.Browser;

/// <summary>What a page must have for everybody to use it, checked in the page as it is shown.</summary>
internal static class Audit
{
    /// <summary>
    /// Gives a line for each text with less contrast than WCAG 2.2 AA asks for (4.5:1, large text 3:1) and for each
    /// control or picture without a name.
    /// </summary>
    public const string Script = """
        () => {
          const complaints = [];
          const parse = text => {
            const numbers = text.match(/[\d.]+/g).map(Number);
            return { rgb: numbers.slice(0, 3), alpha: numbers[3] ?? 1 };
          };
          const over = (top, ground) => top.rgb.map((v, i) => v * top.alpha + ground[i] * (1 - top.alpha));
          const luminance = rgb => rgb.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const ground = element => {
            const layers = [];
            for (let e = element; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
            return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
          };
          for (const element of document.querySelectorAll('body *')) {
            const text = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
            const box = element.getBoundingClientRect();
            const style = getComputedStyle(element);
            // Disabled controls are exempt; what is beside the pictures' boxes or on the pad's own paper is looked at by eye.
            if (text && box.width > 1 && box.height > 1 && style.visibility === 'visible' && !element.closest(':disabled, noscript, #pad-hint')) {
              const back = ground(element);
              const colour = element instanceof SVGElement ? style.fill : style.color;
              const [light, dark] = [luminance(over(parse(colour), back)), luminance(back)].sort((a, b) => b - a);
              const ratio = (light + 0.05) / (dark + 0.05);
              const size = parseFloat(style.fontSize);
              const needed = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
              if (ratio < needed) complaints.push(`${element.tagName} "${element.textContent.trim().slice(0, 30)}": contrast ${ratio.toFixed(2)}, needed ${needed}`);
            }
            const named = element.getAttribute('aria-label') || element.getAttribute('aria-labelledby') || element.textContent.trim() || [...element.labels ?? []].some(label => label.textContent.trim());
            if (element.matches('button, input, a, canvas, [role=img]') && !named) complaints.push(`${element.tagName}#${element.id} has no name`);
            if (element.matches('img') && !element.hasAttribute('alt')) complaints.push(`img ${element.src.slice(0, 40)} has no alt`);
          }
          const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
          ids.filter((id, i) => ids.indexOf(id) !== i).forEach(id => complaints.push(`id ${id} is there twice`));
          return complaints;
        }
        """;
}
