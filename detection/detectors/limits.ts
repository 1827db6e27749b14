import { Type } from 'typebox';

/** How limits are written: each with its default, and a description that says where the number comes from. */

export const minutes = (standard: number, description: string) =>
  Type.Number({ default: standard, minimum: 1, maximum: 3 * 24 * 60, description });
export const hours = (standard: number, description: string) =>
  Type.Number({ default: standard, minimum: 0.25, maximum: 3 * 24, description });
export const days = (standard: number, description: string) =>
  Type.Number({ default: standard, minimum: 1, maximum: 3650, description });
export const dollars = (standard: number, description: string) =>
  Type.Number({ default: standard, minimum: 0, maximum: 1e9, description });
export const share = (standard: number, description: string) =>
  Type.Number({ default: standard, minimum: 0.01, maximum: 1, description });
export const times = (standard: number, description: string) =>
  Type.Number({ default: standard, minimum: 1, maximum: 10_000, description });
export const count = (standard: number, description: string) =>
  Type.Integer({ default: standard, minimum: 1, maximum: 64, description });
