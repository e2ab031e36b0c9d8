/** Which door a request came through; `daemon` when nobody asked. */
export const doors = ['web', 'cli', 'api', 'daemon'] as const
export type Door = (typeof doors)[number]
