// SPDX-License-Identifier: Apache-2.0

/** What is wrong with a key or a grant: a sentence for the user. */
export class KeyProblem extends Error {}
