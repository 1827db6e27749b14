import type { ReactElement } from 'react';

const turn = Math.PI * 2;

function at(radius: number, share: number): string {
  const angle = share * turn - turn / 4;
  return `${(radius * Math.cos(angle)).toFixed(2)},${(radius * Math.sin(angle)).toFixed(2)}`;
}

const starPoints = Array.from({ length: 24 }, (_, place) => at(place % 2 === 0 ? 40 : 15, place / 24)).join(' ');

/** Sizes are said in pixels of a usual screen; on a wall they grow with the letters. */
const inRem = (pixels: number): string => `${pixels / 16}rem`;

/** The face of a drum: a star of twelve rays within rings. Decoration unless it is given a title. */
export function Mark({ size = 28, title }: { size?: number; title?: string }): ReactElement {
  return (
    <svg
      className="drum-mark"
      width={inRem(size)}
      height={inRem(size)}
      viewBox="-60 -60 120 120"
      {...(title === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': title })}
    >
      <polygon points={starPoints} className="drum-solid" />
      {[46, 52, 58].map((radius) => (
        <circle key={radius} r={radius} className="drum-line" />
      ))}
      {size < 40
        ? null
        : Array.from({ length: 36 }, (_, place) => (
            <circle key={place} r={1.6} className="drum-solid" {...centre(49, place / 36)} />
          ))}
    </svg>
  );
}

function centre(radius: number, share: number): { cx: string; cy: string } {
  const [cx = '0', cy = '0'] = at(radius, share).split(',');
  return { cx, cy };
}

/** Something takes its time: rings that go out from the star, as from a struck drum. */
export function Beating({ label, size = 40 }: { label: string; size?: number }): ReactElement {
  return (
    <svg
      className="drum-beating"
      width={inRem(size)}
      height={inRem(size)}
      viewBox="-60 -60 120 120"
      role="img"
      aria-label={label}
    >
      <polygon points={starPoints} className="drum-solid" transform="scale(0.55)" />
      {[0, 1, 2].map((ring) => (
        <circle key={ring} r={26} className={`drum-ring drum-ring-${ring}`} />
      ))}
    </svg>
  );
}

/** How far something is, as an arc around the star. `share` from 0 to 1. */
export function Ring({
  share,
  size = 36,
  tone = 'bronze',
}: {
  share: number;
  size?: number;
  tone?: Tone;
}): ReactElement {
  const length = turn * 50;
  const part = Math.max(0, Math.min(1, share));
  return (
    <svg
      className={`drum-share tone-${tone}`}
      width={inRem(size)}
      height={inRem(size)}
      viewBox="-60 -60 120 120"
      aria-hidden
    >
      <circle r={50} className="drum-track" />
      <circle
        r={50}
        className="drum-arc"
        strokeDasharray={`${(length * part).toFixed(1)} ${length.toFixed(1)}`}
        transform="rotate(-90)"
      />
    </svg>
  );
}

/** What a colour means, everywhere: patina is safe or held, cinnabar is lost or urgent, ochre is waiting, indigo is from abroad. */
export type Tone = 'bronze' | 'patina' | 'cinnabar' | 'ochre' | 'indigo' | 'stone';
