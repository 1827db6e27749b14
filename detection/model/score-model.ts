import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Forest } from './forest.ts';

const strict = { additionalProperties: false } as const;
const Whole = (minimum: number) => Type.Integer({ minimum });

/** Forests as lists of numbers. `null` as a threshold is above all that is known. */
const ForestFile = Type.Object(
  {
    bias: Type.Number(),
    roots: Type.Array(Whole(0)),
    feature: Type.Array(Whole(-1)),
    threshold: Type.Array(Type.Union([Type.Number(), Type.Null()])),
    unknownLeft: Type.Array(Type.Integer({ minimum: 0, maximum: 1 })),
    left: Type.Array(Whole(0)),
    right: Type.Array(Whole(0)),
    value: Type.Array(Type.Number()),
  },
  strict,
);

const ScoreModelFile = Type.Object(
  {
    format: Type.Literal('bronze-drum-score'),
    version: Type.Literal(1),
    trainedOn: Type.Object(
      {
        name: Type.String(),
        layout: Type.String(),
        rows: Whole(0),
        positives: Whole(0),
        until: Type.String({ description: 'The first instant that was not learnt from' }),
        digest: Type.String({ description: 'SHA-256 of the payments, without what is true of them' }),
        seed: Whole(0),
      },
      strict,
    ),
    features: Type.Array(Type.String()),
    before: Type.Integer({ minimum: 1, description: 'How many of the features the first forest sees' }),
    first: ForestFile,
    second: ForestFile,
    calibration: Type.Object({ slope: Type.Number({ exclusiveMinimum: 0 }), intercept: Type.Number() }, strict),
    thresholds: Type.Object(
      {
        bestF1: Type.Number(),
        budgets: Type.Array(Type.Object({ alertsPerDay: Type.Number(), chance: Type.Number() }, strict)),
      },
      {
        ...strict,
        description: 'Chances from which on a payment is flagged, chosen on payments that were not learnt from',
      },
    ),
  },
  strict,
);
type ScoreModelFile = Static<typeof ScoreModelFile>;

/** A model as it is used: what its file says, with forests in flat arrays. */
export interface ScoreModel extends Omit<ScoreModelFile, 'format' | 'version' | 'first' | 'second'> {
  readonly first: Forest;
  readonly second: Forest;
}

const schema = Compile(ScoreModelFile);

/** The file is no model that this version can use. */
export class BadModel extends Error {}

export function writeScoreModel({ first, second, ...rest }: ScoreModel): string {
  const file: ScoreModelFile = {
    format: 'bronze-drum-score',
    version: 1,
    ...rest,
    first: listed(first),
    second: listed(second),
  };
  return `${JSON.stringify(file)}\n`;
}

/** Reads what `writeScoreModel` wrote, and trusts nothing in it: a model may come from elsewhere. */
export function readScoreModel(text: string): ScoreModel {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw new BadModel('It is no JSON');
  }
  if (!schema.Check(file)) throw new BadModel('It is not in the form of a model of version 1');
  const { format: _format, version: _version, first, second, ...rest } = file;
  if (rest.before >= rest.features.length) throw new BadModel('It has no features of opinions');
  return { ...rest, first: planted(first, rest.before), second: planted(second, rest.features.length) };
}

/** Nine digits tell every float of 32 bits from its neighbours. */
const short = (number: number): number => Number(number.toPrecision(9));

function listed(forest: Forest): Static<typeof ForestFile> {
  return {
    bias: forest.bias,
    roots: [...forest.roots],
    feature: [...forest.feature],
    threshold: Array.from(forest.threshold, (limit) => (Number.isFinite(limit) ? short(limit) : null)),
    unknownLeft: [...forest.unknownLeft],
    left: [...forest.left],
    right: [...forest.right],
    value: Array.from(forest.value, short),
  };
}

function planted(file: Static<typeof ForestFile>, columns: number): Forest {
  const nodes = file.feature.length;
  const lists = [file.threshold, file.unknownLeft, file.left, file.right, file.value];
  if (lists.some(({ length }) => length !== nodes)) throw new BadModel('Its trees have lists of different lengths');
  if (file.roots.some((root) => root >= nodes)) throw new BadModel('It has a tree without a root');
  for (const [node, feature] of file.feature.entries()) {
    if (feature === -1) continue;
    if (feature >= columns) throw new BadModel('It asks for a feature that it does not have');
    // Children after their parents: no walk goes round for ever.
    const isDown = (child: number) => child > node && child < nodes;
    if (!isDown(file.left[node]!) || !isDown(file.right[node]!)) throw new BadModel('Its trees do not go down');
  }
  return {
    bias: file.bias,
    roots: Int32Array.from(file.roots),
    feature: Int16Array.from(file.feature),
    threshold: Float32Array.from(file.threshold, (limit) => limit ?? Number.POSITIVE_INFINITY),
    unknownLeft: Uint8Array.from(file.unknownLeft),
    left: Int32Array.from(file.left),
    right: Int32Array.from(file.right),
    value: Float32Array.from(file.value),
  };
}
