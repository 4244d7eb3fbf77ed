import LedgerCore

/// Where projections keep their documents: the port. Nothing here is evidence; all of it may be
/// deleted at any time.
///
/// What holds of every store (its conformance suite is `ReadModelStoreConformance`):
/// - *Atomic*: the documents and the cursor of one `commit` are kept together or not at all.
/// - *Consistent*: a read sees whole commits.
/// - Not necessarily durable: a lost commit is folded again.
package protocol ReadModelStore: Sendable {
    /// Nil if the projection has never been folded here.
    func cursor(of projection: String) async throws(StoreError) -> ProjectionCursor?

    /// The documents that exist of those asked for.
    func documents(
        of projection: String, _ keys: Set<DocumentKey>
    ) async throws(StoreError) -> [DocumentKey: JSONValue]

    /// All documents, by key in byte order.
    func allDocuments(of projection: String) async throws(StoreError) -> [(DocumentKey, JSONValue)]

    /// The first documents whose keys are not before one, by key in byte order; at most so many.
    func documents(
        of projection: String, from key: DocumentKey, limit: Int
    ) async throws(StoreError) -> [(key: DocumentKey, document: JSONValue)]

    /// Keeps changed documents (nil: deleted) and the cursor that they belong to.
    func commit(
        _ changes: [DocumentKey: JSONValue?], cursor: ProjectionCursor, of projection: String
    ) async throws(StoreError)

    /// Forgets the projection's documents and cursor.
    func reset(_ projection: String) async throws(StoreError)
}
