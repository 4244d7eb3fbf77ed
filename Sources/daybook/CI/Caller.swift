import BoringDeploy
import Operations

/// Who runs a command of the domain, and where: by option, by the CI's variables, else by git's
/// configuration and the machine.
struct Caller {
    let source: String
    private let stated: String?
    private let ofCI: String?
    private let facts: [(name: String, value: String)]

    init(actor: String?) throws {
        let context = CIContext.current()
        if actor == "" { throw Failure(.usage, "--actor is empty; name somebody") }
        source = try context?.source() ?? SingleEvent.hostSource
        stated = actor
        ofCI = actor == nil ? try context?.actor() : nil
        facts = context?.facts ?? []
    }

    func origin(in git: GitRepository) async throws -> CutOrigin {
        let actor = stated ?? ofCI
        var identity = actor.map(Identity.init(actor:))
        // In CI git's configuration names a robot, if anyone.
        if identity == nil, facts.isEmpty { identity = try await git.user() }
        return CutOrigin(
            source: source, cutter: identity ?? Identity(login: SingleEvent.user),
            actor: actor ?? SingleEvent.user, facts: facts)
    }
}

extension Identity {
    /// `Name <address>`, an address, or a login.
    init(actor text: String) {
        if let identity = Identity(mailbox: text) {
            self = identity
        } else if text.contains("@") {
            self.init(email: text)
        } else {
            self.init(login: text)
        }
    }
}
