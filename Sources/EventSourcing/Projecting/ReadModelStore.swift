import LedgerCore

/// What projections have kept: documents, and how far each has read.
package protocol ReadModels: Sendable {
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

}

/// Where projections keep their documents: the port. Nothing here is evidence; all of it may be
/// deleted at any time.
///
/// What holds of every store (its conformance suite is `ReadModelStoreConformance`):
/// - *Atomic*: the documents and the cursor of one `commit` are kept together or not at all.
/// - *Serialised*: of several processes that fold on from one cursor, one commits; the others are told
///   of a conflict, for what they have read is not what is there any more.
/// - *Consistent*: a read sees whole commits, and a snapshot the same ones as long as it lives.
/// - Not necessarily durable: a lost commit is folded again.
package protocol ReadModelStore: ReadModels {
    /// What is kept now, whatever is committed meanwhile.
    func snapshot() async throws(StoreError) -> any ReadModels

    /// Keeps changed documents (nil: deleted) and the cursor that they belong to.
    ///
    /// - Parameter known: The cursor that was there when what was changed was read.
    /// - Throws: `conflict` if another one is there: nothing is kept.
    func commit(
        _ changes: [DocumentKey: JSONValue?], cursor: ProjectionCursor, of projection: String,
        after known: ProjectionCursor?
    ) async throws(StoreError)

    /// Keeps documents in place of all that the projection had.
    func replace(
        _ documents: [DocumentKey: JSONValue], cursor: ProjectionCursor, of projection: String
    ) async throws(StoreError)

    /// Forgets the projection's documents and cursor.
    func reset(_ projection: String) async throws(StoreError)
}

extension StoreError {
    /// What a commit throws whose documents somebody else has folded on.
    package static func staleFold(of projection: String) -> StoreError {
        StoreError(.conflict, "\(projection) was folded by another process meanwhile; try again")
    }
}
