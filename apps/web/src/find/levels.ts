/** How sure a match is: 1 is the loosest, 9 the strictest. */
export const ratingLevels: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
