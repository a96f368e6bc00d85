/** Events from this number on are such that the model fails on them. */
export const firstPoison = 5_400_000;
