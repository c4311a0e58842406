/** Lowercase hexadecimal SHA-256, 64 digits. */
export type Sha256 = string;
