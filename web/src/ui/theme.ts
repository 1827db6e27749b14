import { Button, createTheme, Modal, Tooltip, type MantineColorsTuple } from '@mantine/core';

/** Alloys, patina, lacquer: the colours of a drum that has been in the ground. Ten steps each, light to dark. */
const bronze: MantineColorsTuple = [
  '#fbf5ea',
  '#f1e5cd',
  '#e2cb9c',
  '#d3b06a',
  '#c69a45',
  '#b1812c',
  '#946a21',
  '#78551b',
  '#5d4217',
  '#443112',
];
const patina: MantineColorsTuple = [
  '#eaf6f1',
  '#d0eae0',
  '#a2d5c3',
  '#71bfa4',
  '#4aab8a',
  '#2f9776',
  '#1f7c60',
  '#18644e',
  '#134e3e',
  '#0e3a2e',
];
const cinnabar: MantineColorsTuple = [
  '#fdefec',
  '#f8dbd5',
  '#efb3a8',
  '#e68a7a',
  '#de6853',
  '#d04a33',
  '#b23825',
  '#902d1e',
  '#6f2418',
  '#531b13',
];
const ochre: MantineColorsTuple = [
  '#fef7e3',
  '#fbebbd',
  '#f6d77d',
  '#f0c243',
  '#e6ae1c',
  '#c9940d',
  '#9f7409',
  '#7d5b09',
  '#5f4509',
  '#463307',
];
const indigo: MantineColorsTuple = [
  '#eff2fa',
  '#dbe2f3',
  '#b5c4e6',
  '#8ca4d8',
  '#6a88cb',
  '#4e6fb9',
  '#3d5a9c',
  '#31487d',
  '#273a63',
  '#1d2b4a',
];
const stone: MantineColorsTuple = [
  '#f8f6f2',
  '#efebe4',
  '#dfd9ce',
  '#c8c0b2',
  '#a89f90',
  '#857c6e',
  '#655d51',
  '#4b443b',
  '#2f2a24',
  '#1b1814',
];
const dark: MantineColorsTuple = [
  '#ece4d6',
  '#cfc5b4',
  '#aba18f',
  '#877e6e',
  '#5c5449',
  '#423b32',
  '#302a23',
  '#221e19',
  '#1a1713',
  '#12100d',
];

export const theme = createTheme({
  primaryColor: 'bronze',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  colors: { bronze, patina, cinnabar, ochre, indigo, stone, dark, gray: stone, red: cinnabar },
  fontFamily:
    "'Noto Sans Variable', 'Noto Sans', 'Noto Sans Thai', 'Noto Sans Khmer', 'Noto Sans Lao', 'Noto Sans Myanmar', 'Noto Sans SC', system-ui, sans-serif",
  // Words stand among numbers: what a monospaced font has not comes from those that are loaded.
  fontFamilyMonospace:
    "ui-monospace, 'Cascadia Mono', 'Liberation Mono', Menlo, 'Noto Sans Thai', 'Noto Sans Khmer', 'Noto Sans Lao', 'Noto Sans Myanmar', 'Noto Sans SC', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.1875rem' },
  lineHeights: { xs: '1.45', sm: '1.5', md: '1.55', lg: '1.55', xl: '1.4' },
  spacing: { xs: '0.375rem', sm: '0.625rem', md: '0.875rem', lg: '1.25rem', xl: '2rem' },
  defaultRadius: 'xs',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { size: 'xs' } }),
    Modal: Modal.extend({ defaultProps: { centered: true, transitionProps: { duration: 90 } } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 350, withArrow: false, multiline: true, maw: 340 } }),
    TextInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm', autosize: true, minRows: 2 } },
    Select: { defaultProps: { size: 'sm', allowDeselect: false } },
    NativeSelect: { defaultProps: { size: 'sm' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Radio: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Tabs: { defaultProps: { keepMounted: false } },
  },
});
