import CLibCrypto

/// A failure of libcrypto or of key material, in words.
package struct CryptoError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    /// What libcrypto says of its last failure; empties its queue.
    static func last() -> CryptoError {
        var text = [CChar](repeating: 0, count: 256)
        let code = ERR_peek_last_error()
        ERR_error_string_n(code, &text, text.count)
        ERR_clear_error()
        return CryptoError(code == 0 ? "unknown failure" : String(cString: text))
    }
}

extension String {
    fileprivate init(cString: [CChar]) {
        self = cString.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
    }
}
