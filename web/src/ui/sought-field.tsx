import { TextInput } from '@mantine/core';
import { useState, type ReactElement } from 'react';

interface SoughtFieldProps {
  readonly label: string;
  readonly value: string;
  /** With Enter, or when the field is left; not at each letter. */
  readonly change: (value: string) => void;
}

/** A text by which a list is narrowed. */
export function SoughtField(props: SoughtFieldProps): ReactElement {
  return <Field key={props.value} {...props} />;
}

function Field({ label, value, change }: SoughtFieldProps): ReactElement {
  const [text, setText] = useState(value);
  const say = (): void => {
    if (text.trim() !== value) change(text.trim());
  };
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={say}
      onKeyDown={({ key }) => {
        if (key === 'Enter') say();
      }}
    />
  );
}
