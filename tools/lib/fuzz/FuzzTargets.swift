// The fuzz targets. Compiled into one module with LedgerCore's own sources, so that libFuzzer sees their branches.

/// The first byte chooses the parser, the rest is its input.
///
/// Properties, not only the absence of crashes: what is read, written and read again is the same; canonical bytes
/// are a fixed point; a note that parses prints as it was.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let input = Array(UnsafeBufferPointer(start: data + 1, count: count - 1))
    switch data[0] % 4 {
    case 0: fuzzJSON(input)
    case 1: fuzzNote(input)
    case 2: fuzzVerifierKey(input)
    default: fuzzProof(input)
    }
    return 0
}

private func fuzzJSON(_ input: [UInt8]) {
    guard let value = try? StrictJSONParser.parse(input) else { return }
    let canonical = CanonicalJSONWriter.bytes(of: value)
    guard let again = try? StrictJSONParser.parse(canonical, integers: .asStored) else {
        fatalError("canonical bytes do not parse")
    }
    precondition(again == value, "canonical bytes mean something else")
    precondition(CanonicalJSONWriter.bytes(of: again) == canonical, "not a fixed point")
}

private func fuzzNote(_ input: [UInt8]) {
    guard let note = try? SignedNote(parsing: input) else { return }
    precondition(Array(note.description.utf8) == input, "a note prints otherwise than it was read")
    guard let checkpoint = try? Checkpoint(parsing: note.text) else { return }
    precondition(note.text.utf8.starts(with: checkpoint.text.utf8), "a checkpoint prints otherwise")
}

private func fuzzVerifierKey(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    guard let key = try? VerifierKey(parsing: text) else { return }
    precondition(key.description.lowercased() == text.lowercased(), "a key prints otherwise")
}

private func fuzzProof(_ input: [UInt8]) {
    guard let proof = try? TransparencyProof(parsing: input) else { return }
    guard let again = try? TransparencyProof(parsing: Array(proof.description.utf8)) else {
        fatalError("a printed proof does not parse")
    }
    precondition(again == proof, "a proof prints otherwise than it was read")
}
