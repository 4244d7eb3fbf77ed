/// Why a text is not the note, key, checkpoint or proof that it should be.
package struct NoteError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
