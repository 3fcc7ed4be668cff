/** Whether a file of that name may be an image that is written to drives. */
export function isImageName(path: string | undefined): boolean {
  return /\.(iso|img|raw|wic|xz|zst|gz|bz2|zip|7z|lz4)$/i.test(path ?? '');
}
