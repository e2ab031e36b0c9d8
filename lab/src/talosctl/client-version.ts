/** The version of talosctl this stand-in plays. */
export const CLIENT_VERSION = 'v1.11.5'
export const CLIENT_SHA = 'bc34de6e'
export const GO_VERSION = 'go1.24.9'
