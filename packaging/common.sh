# shellcheck shell=bash
# Steps that packaging/run and packaging/test share. Sourced by bash; sets `root`, the project's folder.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
oldest_node=18

# Says what is being done, in words.
step() { printf '==> %s\n' "$*"; }

# Ends the script: what failed, then what to do about it.
fail() {
    printf 'error: %s\n' "$1" >&2
    shift
    [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
    exit 1
}

# has_node: node and npm are on PATH and new enough to build the page.
has_node() {
    local version
    command -v npm >/dev/null || return 1
    version=$(node --version 2>/dev/null) || return 1
    version=${version#v}
    [ "${version%%.*}" -ge "$oldest_node" ]
}

# packages_in FILE...: the package names in these lists, without comments.
packages_in() {
    local names
    names=$(sed 's/#.*//' -- "$@" | tr -s '[:space:]' '\n' | sed '/^$/d')
    if has_node; then
        names=$(grep -v -x -e nodejs -e npm <<<"$names")
    fi
    printf '%s\n' "$names"
}

# missing_packages NAME...: those that are not installed, asked in one call.
missing_packages() {
    local installed
    installed=$(dpkg-query --show --showformat '${Package} ${db:Status-Status}\n' 2>/dev/null -- "$@" \
        | sed -n 's/ installed$//p') || true
    printf '%s\n' "$@" | grep -v -x -F -f <(printf '%s\n' "$installed") || true
}

# install_packages NAME...: nothing to do and no apt when all are there.
install_packages() {
    local missing
    command -v dpkg-query >/dev/null || {
        step "this is not Debian: taking what is installed"
        return
    }
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    step "installing ${#missing[@]} packages: ${missing[*]}"
    as_root apt-get update -q
    as_root apt-get install -q -y --no-install-recommends "${missing[@]}" \
        || fail "apt-get could not install: ${missing[*]}" \
            "Its message is above. With Debian 12 and its own package sources they are all there."
}

# as_root COMMAND...: asks for a password only where someone can type it.
as_root() {
    local prefix=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "installing packages needs root, and there is no sudo" \
            "Run this as root once: apt-get install --no-install-recommends ${*: -1}"
        prefix=(sudo)
        [ -t 0 ] || prefix=(sudo -n)
    fi
    "${prefix[@]}" env DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none \
        "$1" -o DPkg::Lock::Timeout=300 "${@:2}" </dev/null
}

# build PRESET [TARGET...]: configures when needed and builds; two at a time wait for each other.
build() {
    local preset=$1 folder=$root/build/$1
    shift
    mkdir -p "$root/build"
    (
        flock --nonblock 9 || {
            step "waiting for another build of $preset to end"
            flock 9
        }
        configure "$preset" "$folder" || exit
        step "building $preset${*:+: $*}"
        cmake --build "$folder" ${1:+--target "$@"}
    ) 9>"$root/build/.$preset.lock" || fail "the build of $preset failed: the first error above says why" \
        "To start over: rm -rf '$folder'"
}

# configure PRESET FOLDER: once, and again after the project's folder was moved or copied.
configure() {
    local home=""
    if [ -f "$2/build.ninja" ]; then
        home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$2/CMakeCache.txt")
    fi
    [ "$home" != "$root" ] || return 0
    step "configuring $1"
    rm -rf -- "$2"
    (cd -- "$root" && cmake --preset "$1")
}
