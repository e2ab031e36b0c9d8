/**
 * What is done inside of a volume, for `sh` standing in its root. Paths are relative on purpose. `$1` is the mark of a
 * restore. Everything of ours begins with `.wild-` and is never part of a backup; `lost+found` belongs to the file system.
 */

/** Prints the volume as a tar archive. */
export const packScript = "exec tar -cf - --numeric-owner --exclude=./lost+found --exclude='./.wild-*' ."

/** Prints how many files there are below `$1` and their bytes together. */
export const countScript =
  'find "$1" \\( -path "$1/lost+found" -o -path "$1/.wild-*" \\) -prune -o -type f -exec stat -c %s {} + | awk \'{n += 1; s += $1} END {printf "%.0f %.0f\\n", n, s}\''

/** Prints the free room, in KiB. */
export const roomScript = "df -kP . | awk 'NR == 2 {print $4}'"

/** Unpacks a tar archive from standard input beside the data that is there; what an earlier restore left beside goes. */
export const unpackScript =
  'rm -rf .wild-new-* && mkdir ".wild-new-$1" && exec tar -xpf - --numeric-owner -C ".wild-new-$1"'

const each = (folder: string, work: string) =>
  `for each in ${folder}/* ${folder}/.[!.]* ${folder}/..?*; do [ -e "$each" ] || [ -L "$each" ] || continue; ${work}; done`
const skipOurs = 'case "$each" in ./.wild-*|./lost+found) continue;; esac'

/**
 * Puts what was unpacked into the place of what was there, which goes to `.wild-old-$1`. Only renames: quick, whatever the
 * size. Broken off anywhere it goes on from there when it is run again.
 */
export const swapScript = `set -eu; old=".wild-old-$1"; new=".wild-new-$1"
[ -d "$new" ] || [ -e "$old" ] || exit 3
mkdir -p "$old"
if [ ! -e "$old.moved" ]; then ${each('.', `${skipOurs}; mv "$each" "$old/"`)}; : > "$old.moved"; fi
if [ -d "$new" ]; then ${each('"$new"', 'mv "$each" ./')}; rmdir "$new"; fi`

/** Takes `swapScript` back, from wherever it is. */
export const swapBackScript = `set -eu; old=".wild-old-$1"; new=".wild-new-$1"
[ -d "$old" ] || exit 0
if [ -e "$old.moved" ]; then mkdir -p "$new"; ${each('.', `${skipOurs}; mv "$each" "$new/"`)}; rm "$old.moved"; fi
${each('"$old"', 'mv "$each" ./')}
rmdir "$old"`

/** Removes what a restore left beside the data. */
export const cleanScript = 'rm -rf ".wild-old-$1" ".wild-old-$1.moved" ".wild-new-$1"'
