import { Type, type Static, type TObject } from 'typebox';
import { Compile } from 'typebox/compile';
import { detectors } from './catalogue.ts';
import type { Named } from './detector.ts';

export const detectorModes = ['on', 'shadow', 'off'] as const;
export type DetectorMode = (typeof detectorModes)[number];

const settingOf = (limits: TObject) =>
  Type.Object(
    {
      mode: Type.Optional(
        Type.Enum([...detectorModes], { description: '`shadow`: it finds, and nobody is alerted; by default on' }),
      ),
      limits: Type.Optional(Type.Partial(limits, { additionalProperties: false })),
    },
    { additionalProperties: false },
  );

/** What a member sets of its detectors; what it does not name is as the detector's own defaults say. */
export const DetectionRules = Type.Object(
  {
    detectors: Type.Object(
      Object.fromEntries(detectors.map(({ name, limits }) => [name, Type.Optional(settingOf(limits))])),
      { additionalProperties: false },
    ),
    quietMinutes: Type.Number({
      minimum: 0,
      maximum: 7 * 24 * 60,
      description:
        'How long one detector says nothing again of the same account or number, unless it is twice as strong',
    }),
  },
  { additionalProperties: false },
);
export interface DetectionRules {
  readonly detectors: Readonly<
    Record<string, { readonly mode?: DetectorMode; readonly limits?: Readonly<Record<string, unknown>> } | undefined>
  >;
  readonly quietMinutes: number;
}

export const defaultRules: DetectionRules = { detectors: {}, quietMinutes: 60 };

const validator = Compile(DetectionRules);
export const isDetectionRules = (value: unknown): value is DetectionRules => validator.Check(value);

const defaultsOf = (limits: TObject): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(limits.properties).map(([name, property]) => [name, (property as { default?: unknown }).default]),
  );

/** Every detector's limits under some rules; reading one is a look-up. */
export function limitsUnder(rules: DetectionRules): <L extends TObject>(detector: Named<L>) => Static<L> {
  const limits = new Map<string, unknown>();
  for (const { name, limits: schema } of detectors)
    limits.set(name, { ...defaultsOf(schema), ...rules.detectors[name]?.limits });
  return (detector) => limits.get(detector.name) as never;
}
