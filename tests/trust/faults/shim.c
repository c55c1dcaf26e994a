/* Faults under a process: kills it, or lets a system call fail, at the Nth operation on files below one folder.
 *
 * A seccomp filter hands every system call that changes files to `on_call` below, whoever makes it: Python, SQLite, the
 * C library's stdio inside FAISS, and tantivy, some of whose calls pass by the C library (they could not be caught by
 * replacing its functions). The filter lets through calls whose sixth argument is MAGIC: those that are made here.
 * What is written through a shared mapping is not seen; in a library that is SQLite's "-shm" alone, which the first
 * process to open a database after a crash makes anew.
 *
 * Loaded with LD_PRELOAD, so that the clock can be moved too. It does nothing until `faults_arm` or `faults_clock` is
 * called, or FAULTS stands in the environment: what a process armed this way starts is armed as well.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define MAGIC_LOW 0x5eed1e55u
#define MAGIC_HIGH 0x0fa17500u
#define MAGIC (((uint64_t)MAGIC_HIGH << 32) | MAGIC_LOW)
#define CHANGES (O_ACCMODE | O_CREAT | O_TRUNC)

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#define RESULT(c) ((c)->uc_mcontext.gregs[REG_RAX])
static void arguments(const ucontext_t *c, long a[6]) {
    static const int registers[6] = {REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9};
    for (int i = 0; i < 6; i++) a[i] = c->uc_mcontext.gregs[registers[i]];
}
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#define RESULT(c) ((c)->uc_mcontext.regs[0])
static void arguments(const ucontext_t *c, long a[6]) {
    for (int i = 0; i < 6; i++) a[i] = (long)c->uc_mcontext.regs[i];
}
#else
#error "only x86-64 and arm64 are known"
#endif

/* The kinds of operations and what is done at the chosen one: the same numbers stand in harness.py. */
enum { CREATE = 1, WRITE = 2, SYNC = 4, TRUNCATE = 8, RENAME = 16, UNLINK = 32, LINK = 64, MKDIR = 128, RMDIR = 256,
       OPEN = 512, READ = 1024, MARK = 2048 };
enum { NOTHING, KILL, TEAR, FAIL, SHORTEN };

#define MOST 16384
struct state { /* shared by all processes of a run, and read by the test when they are gone */
    _Atomic uint64_t count;
    _Atomic uint32_t lock;
    uint32_t fired;
    uint16_t kinds[MOST];
};

static struct {
    int armed, log, mask, action, error, sticky;
    uint64_t at;
    char root[PATH_MAX];
    size_t length;
    struct state *state;
} plan;

struct record { uint32_t kind, name, other_name, data; uint64_t inode, parent, other_parent, offset; };

struct call {
    long number, a[6];
    int kind;
    char path[PATH_MAX], other[PATH_MAX];
};

static long raw(long number, const long a[6]) {
    long result = syscall(number, a[0], a[1], a[2], a[3], a[4], MAGIC);
    return result == -1 ? -errno : result;
}

/* ---- which file a call is about ---- */

static int path_of_descriptor(int descriptor, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) length = 0;
    path[length] = 0;
    return length > 0;
}

static void path_at(int folder, const char *name, char *path) {
    char base[PATH_MAX] = "";
    if (name[0] != '/') {
        if (folder == AT_FDCWD) { if (!getcwd(base, sizeof base)) base[0] = 0; }
        else path_of_descriptor(folder, base);
        strncat(base, "/", sizeof base - strlen(base) - 1);
    }
    path[0] = 0;
    strncat(path, base, PATH_MAX - 1);
    strncat(path, name, PATH_MAX - strlen(path) - 1);
}

static int is_below(const char *path) {
    return strncmp(path, plan.root, plan.length) == 0 && (path[plan.length] == '/' || path[plan.length] == 0);
}

/* SQLite's "-shm" is made anew after a crash, and to make it takes eight writes at each opening. */
static int is_rebuilt(const struct call *call) {
    size_t length = strlen(call->path);
    return call->kind == WRITE && length > 4 && strcmp(call->path + length - 4, "-shm") == 0;
}

static int exists(const char *path) {
    struct stat found;
    return lstat(path, &found) == 0;
}

static int kind_of_open(const struct call *call, long flags) {
    struct stat found;
    if ((flags & O_CREAT) && !exists(call->path)) return CREATE;
    if ((flags & O_TRUNC) && stat(call->path, &found) == 0 && found.st_size > 0) return TRUNCATE;
    return OPEN;
}

/* Fills in kind and paths; 0 for a call that is about no file below the root. */
static int understand(struct call *call) {
    const long *a = call->a;
    switch (call->number) {
#ifdef SYS_open
    case SYS_open: path_at(AT_FDCWD, (char *)a[0], call->path); call->kind = kind_of_open(call, a[1]); break;
    case SYS_creat:
        path_at(AT_FDCWD, (char *)a[0], call->path);
        call->kind = kind_of_open(call, O_CREAT | O_TRUNC);
        break;
    case SYS_rename:
        path_at(AT_FDCWD, (char *)a[0], call->path);
        path_at(AT_FDCWD, (char *)a[1], call->other);
        call->kind = RENAME;
        break;
    case SYS_link:
        path_at(AT_FDCWD, (char *)a[0], call->path);
        path_at(AT_FDCWD, (char *)a[1], call->other);
        call->kind = LINK;
        break;
    case SYS_unlink: path_at(AT_FDCWD, (char *)a[0], call->path); call->kind = UNLINK; break;
    case SYS_rmdir: path_at(AT_FDCWD, (char *)a[0], call->path); call->kind = RMDIR; break;
    case SYS_mkdir: path_at(AT_FDCWD, (char *)a[0], call->path); call->kind = MKDIR; break;
#endif
    case SYS_openat: path_at(a[0], (char *)a[1], call->path); call->kind = kind_of_open(call, a[2]); break;
#ifdef SYS_renameat
    case SYS_renameat:
#endif
    case SYS_renameat2:
        path_at(a[0], (char *)a[1], call->path);
        path_at(a[2], (char *)a[3], call->other);
        call->kind = RENAME;
        break;
    case SYS_linkat:
        path_at(a[0], (char *)a[1], call->path);
        path_at(a[2], (char *)a[3], call->other);
        call->kind = LINK;
        break;
    case SYS_unlinkat:
        path_at(a[0], (char *)a[1], call->path);
        call->kind = a[2] & AT_REMOVEDIR ? RMDIR : UNLINK;
        break;
    case SYS_mkdirat: path_at(a[0], (char *)a[1], call->path); call->kind = MKDIR; break;
    case SYS_truncate: path_at(AT_FDCWD, (char *)a[0], call->path); call->kind = TRUNCATE; break;
    case SYS_write: case SYS_pwrite64: case SYS_writev: case SYS_pwritev:
        path_of_descriptor(a[0], call->path);
        call->kind = WRITE;
        break;
    case SYS_read: case SYS_pread64: case SYS_readv: case SYS_getdents64:
        path_of_descriptor(a[0], call->path);
        call->kind = READ;
        break;
    case SYS_fsync: case SYS_fdatasync: path_of_descriptor(a[0], call->path); call->kind = SYNC; break;
    case SYS_ftruncate: path_of_descriptor(a[0], call->path); call->kind = TRUNCATE; break;
    default: return 0;
    }
    if (call->kind == MKDIR && exists(call->path)) return 0;
    return (is_below(call->path) && !is_rebuilt(call)) || (call->other[0] && is_below(call->other));
}

/* ---- the log of what happened, from which a power cut can be played back ---- */

static uint64_t inode_of(const char *path) {
    struct stat found;
    return lstat(path, &found) == 0 ? found.st_ino : 0;
}

static uint64_t parent_of(const char *path, const char **name) {
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    *name = slash + 1;
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    return inode_of(folder);
}

static void put(struct record *record, const char *name, const char *other, const struct iovec *data, int count) {
    struct iovec parts[3 + 64] = {{record, sizeof *record}, {(void *)name, strlen(name)}, {(void *)other, strlen(other)}};
    record->name = parts[1].iov_len;
    record->other_name = parts[2].iov_len;
    size_t left = record->data;
    int used = 3;
    for (int i = 0; i < count && left > 0 && used < 67; i++) {
        size_t size = data[i].iov_len < left ? data[i].iov_len : left;
        parts[used++] = (struct iovec){data[i].iov_base, size};
        left -= size;
    }
    long a[6] = {plan.log, (long)parts, used};
    raw(SYS_writev, a);
}

/* What a call will need of the names before it changes them. */
struct before { struct record record; const char *name, *other; };

static void look(const struct call *call, struct before *before) {
    *before = (struct before){.name = "", .other = ""};
    before->record.kind = call->kind;
    if (call->kind & (CREATE | UNLINK | MKDIR | RMDIR | RENAME))
        before->record.parent = parent_of(call->path, &before->name);
    if (call->kind & (RENAME | LINK))
        before->record.other_parent = parent_of(call->other, &before->other);
    if (call->kind & (LINK | TRUNCATE | WRITE | SYNC)) before->record.inode = inode_of(call->path);
}

static void note(const struct call *call, struct before *before, long result) {
    struct record *record = &before->record;
    const long *a = call->a;
    struct iovec one = {(void *)a[1], (size_t)a[2]}, *data = &one;
    int count = 0;
    struct stat found;
    if (call->kind & (CREATE | MKDIR)) record->inode = inode_of(call->path);
    if (call->kind & (WRITE | SYNC) || call->number == SYS_ftruncate) {
        if (fstat(a[0], &found) == 0) record->inode = found.st_ino;
    }
    if (call->number == SYS_ftruncate || call->number == SYS_truncate) record->offset = a[1];
    if (call->kind == WRITE) {
        int gathered = call->number == SYS_writev || call->number == SYS_pwritev;
        int placed = call->number == SYS_pwrite64 || call->number == SYS_pwritev;
        record->data = result;
        record->offset = placed ? (uint64_t)a[3] : (uint64_t)lseek(a[0], 0, SEEK_CUR) - result;
        count = gathered ? a[2] : 1;
        if (gathered) data = (struct iovec *)a[1];
    }
    put(record, before->name, before->other, data, count);
}

/* ---- what is done with a call ---- */

static void take_lock(void) {
    while (atomic_exchange(&plan.state->lock, 1)) sched_yield();
}

static void drop_lock(void) { atomic_store(&plan.state->lock, 0); }

static void die(void) {
    drop_lock();
    long a[6] = {getpid(), SIGKILL};
    raw(SYS_kill, a);
    for (;;) pause();
}

static long half(const struct call *call) {
    struct iovec first;
    long a[6];
    memcpy(a, call->a, sizeof a);
    if (call->number == SYS_writev || call->number == SYS_pwritev) {
        first = ((struct iovec *)a[1])[0];
        first.iov_len = (first.iov_len + 1) / 2;
        a[1] = (long)&first;
        a[2] = 1;
    } else a[2] = (a[2] + 1) / 2;
    return raw(call->number, a);
}

static long perform(const struct call *call) {
    if (plan.log < 0) {
        /* A killed process loses nothing that it wrote, synced or not: the time is saved. */
        if (call->kind == SYNC) return 0;
        return raw(call->number, call->a);
    }
    struct before before;
    look(call, &before);
    long result = raw(call->number, call->a);
    if (result >= 0 && !(call->kind & (OPEN | READ))) note(call, &before, result);
    return result;
}

static long serve(struct call *call) {
    /* The quick ways of copying would pass by: whoever uses them has a slow one for where they are missing. */
    if (call->number == SYS_copy_file_range || call->number == SYS_sendfile) return -EINVAL;
    if (call->number == SYS_fallocate) return -EOPNOTSUPP;
    if (!understand(call)) return raw(call->number, call->a);
    take_lock();
    long result;
    if (!(call->kind & plan.mask)) {
        result = perform(call);
        drop_lock();
        return result;
    }
    uint64_t number = atomic_fetch_add(&plan.state->count, 1) + 1;
    if (number <= MOST) plan.state->kinds[number - 1] = call->kind;
    int chosen = number == plan.at || (plan.sticky && plan.at > 0 && number > plan.at);
    if (!chosen || plan.action == NOTHING) result = perform(call);
    else {
        plan.state->fired = 1;
        if (plan.action == TEAR && call->kind == WRITE) half(call);
        if (plan.action == KILL || plan.action == TEAR) die();
        if (plan.action == SHORTEN && call->kind == WRITE) result = half(call);
        else if (plan.action == FAIL) result = -plan.error;
        else result = perform(call);
    }
    drop_lock();
    return result;
}

static void on_call(int signal, siginfo_t *info, void *context) {
    (void)signal;
    int kept = errno;
    struct call call = {.number = info->si_syscall};
    call.path[0] = call.other[0] = 0;
    arguments(context, call.a);
    RESULT((ucontext_t *)context) = serve(&call);
    errno = kept;
}

/* ---- the filter ---- */

static const int TRAPPED[] = {
#ifdef SYS_open
    SYS_creat, SYS_rename, SYS_link, SYS_unlink, SYS_rmdir, SYS_mkdir,
#endif
#ifdef SYS_renameat
    SYS_renameat,
#endif
    SYS_renameat2, SYS_linkat, SYS_unlinkat, SYS_mkdirat, SYS_truncate, SYS_ftruncate, SYS_write, SYS_pwrite64,
    SYS_writev, SYS_pwritev, SYS_fsync, SYS_fdatasync, SYS_copy_file_range, SYS_sendfile, SYS_fallocate};
static const int READS[] = {SYS_read, SYS_pread64, SYS_readv, SYS_getdents64};

#define ADD(...) program[used++] = (struct sock_filter)__VA_ARGS__
#define LOAD(field) ADD(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, field))
#define ARGUMENT(i) (offsetof(struct seccomp_data, args) + 8 * (i))

/* `wide` also traps reads and opens for reading: then nothing can be executed, as the loader could not read. */
static int install(int wide) {
    struct sock_filter program[160];
    int used = 0;
    const int magic_at = 140; /* the last instructions stand at fixed places, so that jumps need no patching */
    LOAD(offsetof(struct seccomp_data, arch));
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0));
    ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    LOAD(offsetof(struct seccomp_data, nr));
#define JUMP_TO_END do { \
        uint32_t over = magic_at - used - 1; \
        ADD(BPF_JUMP(BPF_JMP | BPF_JA, over, 0, 0)); } while (0)
#define TRAP(number) do { \
        ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(number), 0, 1)); \
        JUMP_TO_END; } while (0)
    for (size_t i = 0; i < sizeof TRAPPED / sizeof *TRAPPED; i++) TRAP(TRAPPED[i]);
    if (wide) {
        for (size_t i = 0; i < sizeof READS / sizeof *READS; i++) TRAP(READS[i]);
        TRAP(SYS_openat);
#ifdef SYS_open
        TRAP(SYS_open);
#endif
    } else {
#define TRAP_OPEN(number, flags) do { \
        ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(number), 0, 4)); \
        LOAD(ARGUMENT(flags)); \
        ADD(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CHANGES, 0, 1)); \
        JUMP_TO_END; \
        ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)); } while (0)
        TRAP_OPEN(SYS_openat, 2);
#ifdef SYS_open
        TRAP_OPEN(SYS_open, 1);
#endif
    }
    while (used < magic_at) ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    LOAD(ARGUMENT(5));
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MAGIC_LOW, 0, 3));
    LOAD(ARGUMENT(5) + 4);
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MAGIC_HIGH, 0, 1));
    ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP));
    struct sock_fprog filter = {(unsigned short)used, program};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return -errno;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) ? -errno : 0;
}

/* ---- what Python calls ---- */

static int prepare(const char *text) {
    char state[PATH_MAX], log[PATH_MAX];
    /* mask action error sticky at root state log, by newlines; "-" is no log */
    if (sscanf(text, "%d\n%d\n%d\n%d\n%lu\n%4095[^\n]\n%4095[^\n]\n%4095[^\n]", &plan.mask, &plan.action, &plan.error,
               &plan.sticky, &plan.at, plan.root, state, log) != 8) return -EINVAL;
    plan.length = strlen(plan.root);
    int file = open(state, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, sizeof *plan.state)) return -errno;
    plan.state = mmap(NULL, sizeof *plan.state, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (plan.state == MAP_FAILED) return -errno;
    plan.log = strcmp(log, "-") ? open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    struct sigaction action = {.sa_sigaction = on_call, .sa_flags = SA_SIGINFO | SA_NODEFER};
    if (sigaction(SIGSYS, &action, NULL)) return -errno;
    plan.armed = 1;
    return 0;
}

/* From now on this process and what it forks or starts is watched; 0, or a negative number of an error. */
int faults_arm(const char *text, int wide) {
    int error = prepare(text);
    if (!error) error = setenv("FAULTS", text, 1) ? -errno : install(wide);
    return error;
}

/* A note in the log, as of what was promised to a user. */
void faults_mark(const char *text) {
    if (!plan.armed || plan.log < 0) return;
    struct record record = {.kind = MARK};
    take_lock();
    put(&record, text, "", NULL, 0);
    drop_lock();
}

static _Atomic long seconds_ahead;

void faults_clock(long seconds) { seconds_ahead = seconds; }

int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = syscall(SYS_clock_gettime, clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += seconds_ahead;
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    int result = syscall(SYS_gettimeofday, now, zone);
    if (result == 0) now->tv_sec += seconds_ahead;
    return result;
}

time_t time(time_t *where) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (where) *where = now.tv_sec;
    return now.tv_sec;
}

__attribute__((constructor)) static void inherit(void) {
    const char *text = getenv("FAULTS");
    if (text) prepare(text); /* the filter has been inherited */
}
