/** Which door a request came through. */
export const doors = ['web', 'cli', 'api'] as const
export type Door = (typeof doors)[number]
