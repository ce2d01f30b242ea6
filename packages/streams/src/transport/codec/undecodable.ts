/** Why bytes are not what they should be. Whoever knows where they are from makes a CorruptBatchError of it. */
export class Undecodable extends Error {
  override readonly name = "Undecodable";
}
