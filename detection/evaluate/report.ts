import type { DataSet } from './data-set.ts';
import type { Evaluation } from './evaluation.ts';
import type { Quality } from './measures.ts';

const part = (share: number): string => share.toFixed(3);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const whole = (number: number): string => Math.round(number).toLocaleString('en');
const wholeOrPart = (number: number): string => (Math.abs(number) < 10 ? part(number) : whole(number));
const days = (number: number | null): string =>
  number === null ? '–' : number < 1 ? `${(number * 24).toFixed(1)} h` : `${number.toFixed(1)} d`;

/** The evaluation as a person reads it. */
export function reportOf(evaluation: Evaluation, seconds: number, rings: DataSet['rings'] = {}): string {
  const { slices, timeToFlag, stoppable, baselines, calibration } = evaluation;
  const lines = [
    `${evaluation.dataset} (${evaluation.layout}: ${evaluation.fields.join(', ')})`,
    ...(['training', 'choosing', 'reporting'] as const).map(
      (name) =>
        `  ${name.padEnd(10)} ${whole(slices[name].rows).padStart(9)} payments between accounts, ${whole(slices[name].positives)} illicit`,
    ),
    '',
    'On the last 20 % of the time',
    '                     precision  recall     F1  PR-AUC  precision of the top 1 %',
    qualityLine('score', evaluation),
    qualityLine('raw fields, boosted', baselines.rawFields),
    qualityLine('hand rule', baselines.handRule),
    `  flagged from a chance of ${part(evaluation.threshold)} on (${evaluation.thresholdBy === 'budget' ? 'alert budget' : 'best F1'} of the 20 % before, where F1 was ${part(evaluation.onChoosing.f1)}, PR-AUC ${part(evaluation.onChoosing.prAuc)}); ${evaluation.alertsPerDay.toFixed(1)} alerts a day`,
    `  mean chance ${percent(calibration.meanChance)}, illicit ${percent(calibration.share)}`,
    '',
    'Recall by typology',
    ...Object.entries(evaluation.perTypology)
      .sort(([, one], [, other]) => other.payments - one.payments)
      .map(([name, { payments, recall }]) => `  ${name.padEnd(20)} ${part(recall)}  of ${whole(payments)}`),
    '',
    `From the first illicit payment to the first flag: ${timeToFlag.flagged} of ${timeToFlag.count} ${timeToFlag.of} flagged, median ${days(timeToFlag.medianDays)}, 90 % within ${days(timeToFlag.p90Days)}`,
    `Money that could still be stopped: ${whole(stoppable.usd)} of ${whole(stoppable.ofUsd)} dollars, ${percent(stoppable.share)}`,
    '',
    'What moved the score of flagged payments most (mean change of the log of the odds)',
    ...evaluation.topFeatures.map(({ feature, contribution }) => `  ${contribution.toFixed(3)}  ${feature}`),
    '',
    ...(Object.keys(rings).length === 0 ? [] : ['What it cost those behind it, and brought them']),
    ...Object.entries(rings).map(([name, value]) => `  ${name.padEnd(18)} ${wholeOrPart(value)}`),
    '',
    `${seconds.toFixed(0)} seconds`,
  ];
  return lines.join('\n');
}

function qualityLine(name: string, { precision, recall, f1, prAuc, precisionTop1 }: Quality): string {
  const cells = [precision, recall, f1, prAuc].map((share) => part(share).padStart(7)).join(' ');
  return `  ${name.padEnd(20)} ${cells}  ${part(precisionTop1)}`;
}
