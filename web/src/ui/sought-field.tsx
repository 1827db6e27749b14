import { TextInput } from '@mantine/core';
import { useState, type ReactElement } from 'react';

interface SoughtFieldProps {
  readonly label: string;
  /** What may be typed; with it the label stands above the field. */
  readonly hint?: string;
  readonly value: string;
  /** With Enter, or when the field is left; not at each letter. */
  readonly change: (value: string) => void;
}

/** A text by which a list is narrowed. */
export function SoughtField(props: SoughtFieldProps): ReactElement {
  return <Field key={props.value} {...props} />;
}

function Field({ label, hint, value, change }: SoughtFieldProps): ReactElement {
  const [text, setText] = useState(value);
  const say = (): void => {
    if (text.trim() !== value) change(text.trim());
  };
  return (
    <TextInput
      {...(hint === undefined ? { 'aria-label': label, placeholder: label } : { label, placeholder: hint })}
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={say}
      onKeyDown={({ key }) => {
        if (key === 'Enter') say();
      }}
    />
  );
}
