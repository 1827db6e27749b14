import type { Language } from '../languages.ts';
import { filled, sentencesOf } from './said.ts';
import { isTitled, type Sheet } from './sheet.ts';
import { languageText, type FieldLine } from './values.ts';

/** Sheets of one matter as a page to print: one language, or two side by side. Nothing on it is fetched or run. */
export function pageOf(sheets: readonly [Sheet, Sheet?]): string {
  const [first, second] = sheets;
  const both = second === undefined ? [first] : [first, second];
  const said = (words: (sheet: Sheet) => string, tag: string): string =>
    pair(
      both.map((sheet) => [sheet.language, escaped(words(sheet))] as const),
      tag,
    );
  const column = (lines: (sheet: Sheet) => readonly FieldLine[], isTitled: boolean): string =>
    lines(first)
      .map((_, at) =>
        fieldOf(
          both,
          both.map((sheet) => lines(sheet)[at]!),
          isTitled,
        ),
      )
      .join('\n');
  const sections = first.sections.map(
    (_, at) =>
      `<section>\n${said((sheet) => `${at + 1}. ${sheet.sections[at]!.title}`, 'h2')}\n${column(
        (sheet) => sheet.sections[at]!.lines,
        both.every((sheet) => isTitled(sheet.sections[at]!)),
      )}\n</section>`,
  );
  return `<!doctype html>
<html lang="${first.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escaped(first.title)}: ${escaped(first.subject)}</title>
<style>${style}</style>
</head>
<body class="${both.length === 2 ? 'two' : 'one'}">
<header>
${said(({ title }) => title, 'h1')}
${said(({ subject }) => subject, 'p')}
</header>
${first.head.length === 0 ? '' : `<section class="head">\n${column(({ head }) => head, false)}\n</section>`}
${said(({ opening }) => opening, 'p')}
${sections.join('\n')}
${said(({ closing }) => closing, 'p')}
<div class="sign">${said(({ signHere }) => signHere, 'p')}</div>
<footer>${said(({ printed }) => printed, 'p')}</footer>
</body>
</html>
`;
}

function pair(texts: readonly (readonly [Language, string])[], tag: string): string {
  const cells = texts.map(([language, text]) => `<${tag} lang="${language}">${text}</${tag}>`);
  return `<div class="pair">${cells.join('')}</div>`;
}

/** A long value that is the same in both languages stands once, across both columns. */
const sharedLengthMin = 60;

function fieldOf(both: readonly Sheet[], lines: readonly FieldLine[], isTitled: boolean): string {
  const [line] = lines as readonly [FieldLine];
  const labels = isTitled
    ? ''
    : pair(
        both.map(({ language }, at) => [language, escaped(lines[at]!.label)] as const),
        'h3',
      );
  const isShared = line.value.length >= sharedLengthMin && lines.every(({ value }) => value === line.value);
  if (line.language !== undefined) {
    const own = line.language;
    const notes = pair(
      both.map(({ language }) => {
        const words = filled(sentencesOf(language).writtenIn, { language: languageText(own, language) });
        return [language, escaped(words)] as const;
      }),
      'small',
    );
    return `<div class="field">${labels}${notes}<blockquote lang="${own}">${escaped(line.value)}</blockquote></div>`;
  }
  const values = isShared
    ? `<p class="value">${valueHtml(line.value)}</p>`
    : pair(
        both.map(
          ({ language }, at) => [language, `<span class="value">${valueHtml(lines[at]!.value)}</span>`] as const,
        ),
        'p',
      );
  return `<div class="field">${labels}${values}</div>`;
}

/** An instant is not broken at its hyphens. */
function valueHtml(text: string): string {
  return escaped(text).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<span class="whole">$&</span>');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => entities[mark]!);
}

const style = `
@page { size: A4; margin: 18mm 16mm; }
* { box-sizing: border-box; margin: 0; }
body { max-width: 178mm; margin: 8mm auto; padding: 0 4mm; color: #000; background: #fff; font-size: 10pt; line-height: 1.55;
  font-family: 'Noto Sans', 'Noto Sans Thai', 'Noto Sans Lao', 'Noto Sans Khmer', 'Noto Sans Myanmar', 'Noto Sans SC',
    'Leelawadee UI', 'Khmer UI', 'Lao UI', 'Myanmar Text', 'Microsoft YaHei', 'PingFang SC', 'Noto Sans CJK SC', sans-serif; }
:lang(km), :lang(my), :lang(lo), :lang(th) { line-height: 1.8; }
.two .pair { display: grid; grid-template-columns: 1fr 1fr; column-gap: 7mm; }
h1 { font-size: 15pt; }
header p { font-size: 12pt; font-weight: bold; }
header { border-bottom: 1.5pt solid #000; padding-bottom: 2mm; margin-bottom: 3mm; }
section { margin: 4mm 0; }
h2 { font-size: 11pt; border-bottom: .5pt solid #000; break-after: avoid; }
h3 { font-size: 8.5pt; color: #333; break-after: avoid; }
.head { border: .5pt solid #000; padding: 1mm 3mm; }
.field { padding: 1mm 0; break-inside: avoid; }
.value, blockquote { white-space: pre-line; overflow-wrap: anywhere; }
.whole { white-space: nowrap; }
blockquote { border-left: 2pt solid #666; padding-left: 3mm; break-inside: auto; }
small { color: #333; font-style: normal; }
.sign { border: .5pt dashed #000; height: 30mm; margin-top: 6mm; padding: 1mm 3mm; break-inside: avoid; }
footer { border-top: .5pt solid #000; margin-top: 6mm; padding-top: 1mm; font-size: 8pt; color: #333; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
`;
