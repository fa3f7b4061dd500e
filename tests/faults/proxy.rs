//! A network that can be broken: what goes between the program and PostgreSQL goes through here.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// What becomes of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// They arrive.
    None,
    /// Connections are closed, and nobody takes new ones.
    Refuse,
    /// Connections are taken, and reset as soon as something is sent.
    Reset,
    /// Everything is taken and nothing arrives, without a word.
    BlackHole,
    /// The next COMMIT arrives, and the connection is closed before the reply to it.
    LoseReplyToCommit,
}

/// A proxy before a server. It ends with the test process.
pub struct Proxy {
    pub port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    server: SocketAddr,
    state: Mutex<State>,
}

struct State {
    fault: Fault,
    /// Both ends of each connection that is open.
    open: Vec<[TcpStream; 2]>,
    listens: bool,
    /// Whether the COMMIT has come whose reply is to be lost.
    committed: bool,
}

impl Proxy {
    pub fn before(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port_here = listener.local_addr().unwrap().port();
        let state = State { fault: Fault::None, open: Vec::new(), listens: true, committed: false };
        let shared = Arc::new(Shared { server: ([127, 0, 0, 1], port).into(), state: Mutex::new(state) });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || accepting.accept(&listener));
        Self { port: port_here, shared }
    }

    /// Breaks the network, or mends it. Connections from before it was mended are closed.
    pub fn set(&self, fault: Fault) {
        let mut state = self.shared.state();
        state.fault = fault;
        if matches!(fault, Fault::None | Fault::Refuse) {
            for [one, other] in state.open.drain(..) {
                let _ = (one.shutdown(Shutdown::Both), other.shutdown(Shutdown::Both));
            }
        }
        let begins_again = !state.listens && fault != Fault::Refuse;
        state.listens |= begins_again;
        drop(state);
        let address = SocketAddr::from(([127, 0, 0, 1], self.port));
        if fault == Fault::Refuse {
            // The listener looks at the fault when it has taken a connection.
            let _ = TcpStream::connect(address);
            while TcpStream::connect(address).is_ok() {}
        } else if begins_again {
            let (listener, shared) = (TcpListener::bind(address).unwrap(), Arc::clone(&self.shared));
            thread::spawn(move || shared.accept(&listener));
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fault(&self) -> Fault {
        self.state().fault
    }

    fn accept(self: Arc<Self>, listener: &TcpListener) {
        for client in listener.incoming().map_while(Result::ok) {
            let mut state = self.state();
            if state.fault == Fault::Refuse {
                state.listens = false;
                return;
            }
            let Ok(server) = TcpStream::connect_timeout(&self.server, Duration::from_secs(5)) else { continue };
            state.open.push([client.try_clone().unwrap(), server.try_clone().unwrap()]);
            drop(state);
            let (to, back) = ((client.try_clone().unwrap(), server.try_clone().unwrap()), (server, client));
            let (one, other) = (Arc::clone(&self), Arc::clone(&self));
            thread::spawn(move || one.pump(to, true));
            thread::spawn(move || other.pump(back, false));
        }
    }

    /// Moves bytes from one end to the other, as long as nothing is wrong.
    fn pump(&self, (mut from, mut to): (TcpStream, TcpStream), to_server: bool) {
        let mut bytes = [0_u8; 16_384];
        while let Ok(1..) = from.peek(&mut bytes[..1]) {
            let fault = self.fault();
            if fault == Fault::Reset {
                // What was sent and nobody has read makes the kernel reset the connection.
                break;
            }
            let Ok(length) = from.read(&mut bytes) else { break };
            if fault == Fault::BlackHole {
                continue;
            }
            if fault == Fault::LoseReplyToCommit && self.loses(to_server, &bytes[..length]) {
                break;
            }
            if to.write_all(&bytes[..length]).is_err() {
                break;
            }
        }
        let _ = (to.shutdown(Shutdown::Both), from.shutdown(Shutdown::Both));
    }

    /// Whether these bytes are the reply that is to be lost, upon which nothing more is.
    fn loses(&self, to_server: bool, bytes: &[u8]) -> bool {
        let mut state = self.state();
        if to_server {
            state.committed |= is_commit(bytes);
            return false;
        }
        if state.committed {
            state.fault = Fault::None;
        }
        state.committed
    }
}

/// Whether a message of the protocol of PostgreSQL is the statement COMMIT.
fn is_commit(message: &[u8]) -> bool {
    message.windows(7).any(|window| window == b"COMMIT\0")
}
