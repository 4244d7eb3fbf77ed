/// The members of a JSON object, always in the canonical order: by the UTF-16 code units of their
/// names (RFC 8785 §3.2.3), each name once.
package struct JSONObject: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        package let name: String
        package var value: JSONValue

        package static func == (left: Member, right: Member) -> Bool {
            left.name.isSameText(as: right.name) && left.value == right.value
        }
    }

    package private(set) var members: [Member] = []

    package init() {}

    /// Sorts the members; gives back the first repeated name instead of an object if there is one.
    static func sorting(_ members: [Member]) -> Result<JSONObject, RepeatedName> {
        var object = JSONObject()
        object.members = members
        var inOrder = true
        for index in members.indices.dropFirst()
        where !members[index - 1].name.isBeforeInUTF16(members[index].name) {
            inOrder = false
            break
        }
        guard !inOrder else { return .success(object) }
        object.members.sort { $0.name.isBeforeInUTF16($1.name) }
        for index in object.members.indices.dropFirst()
        where object.members[index - 1].name.isSameText(as: object.members[index].name) {
            return .failure(RepeatedName(name: object.members[index].name))
        }
        return .success(object)
    }

    struct RepeatedName: Error { let name: String }

    package subscript(name: String) -> JSONValue? {
        get { members.first { $0.name.isSameText(as: name) }?.value }
        set {
            let place = members.firstIndex { !$0.name.isBeforeInUTF16(name) } ?? members.endIndex
            let isThere = place < members.endIndex && members[place].name.isSameText(as: name)
            switch (newValue, isThere) {
            case (let value?, true): members[place].value = value
            case (let value?, false): members.insert(Member(name: name, value: value), at: place)
            case (nil, true): members.remove(at: place)
            case (nil, false): break
            }
        }
    }
}
