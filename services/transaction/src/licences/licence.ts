/** Whether many buyers may have a photo, or one alone. */
export type Sale = 'shared' | 'exclusive';
