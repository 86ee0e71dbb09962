"""The bounded growth of the heap, on a chip that is played: its memory, its threads."""

from postlamp.heap import grow, grow_heap, is_wanted
from raising import raises

KB = 1024


class FakeLock:
    """Runs what waits for it when it is released."""

    def __init__(self):
        self.waiting = None
        self.is_held = False

    def acquire(self):
        self.is_held = True

    def release(self):
        self.is_held = False
        if self.waiting:
            waiting, self.waiting = self.waiting, None
            waiting()


class FakeChip:
    """A block of system memory; thread stacks come from it, and so does Python's growth."""

    def __init__(self, largest, room_bytes=20 * KB, grows=True):
        self.block = largest
        self.other = (30 * KB, 9 * KB, 8 * KB, 8 * KB)
        self.stacks = []
        self.lock = FakeLock()
        self.grown = 0
        self.looks_left = room_bytes // 600
        self.grows = grows
        self._stack = 0
        self.on_look = lambda: None

    def regions(self):
        self.on_look()
        if self._stack and self.lock.is_held:
            self.looks_left -= 1
            if self.looks_left < 0 and self.grows and not self.grown:
                self.grown = self.block - 100  # the port takes the largest block
                self.block -= self.grown
        return [self.other, (160 * KB, self.block, self.block, 0)]

    def allocate_lock(self):
        return self.lock

    def stack_size(self, size):
        self.stacks.append(size)

    def start_new_thread(self, function, args):
        self._stack = self.stacks[-1] + 400
        self.block -= self._stack
        self.lock.waiting = self._end

    def _end(self):
        self.block += self._stack
        self._stack = 0


def test_the_stack_hides_all_but_26_kilobytes():
    chip = FakeChip(110 * KB)
    anchor = grow(chip.regions, chip)
    assert chip.stacks == [110 * KB - 27 * KB, 0]
    assert 26 * KB <= chip.grown < 27 * KB
    assert len(anchor) == 600
    assert not chip.lock.is_held
    assert chip.block == 110 * KB - chip.grown


def test_a_heap_that_does_not_grow_has_no_anchor_and_no_thread():
    chip = FakeChip(110 * KB, grows=False)
    assert grow(chip.regions, chip) is None
    assert chip.block == 110 * KB
    assert not chip.lock.is_held


def test_little_memory_is_left_alone():
    chip = FakeChip(35 * KB - 1)
    assert grow(chip.regions, chip) is None
    assert chip.stacks == []
    chip = FakeChip(35 * KB)
    grow(chip.regions, chip)
    assert chip.stacks == [8 * KB, 0]


def test_a_thread_that_cannot_start_leaves_the_stack_size_right():
    class NoThreads(FakeChip):
        def start_new_thread(self, function, args):
            raise OSError(12)

    chip = NoThreads(110 * KB)
    assert grow(chip.regions, chip) is None
    assert chip.stacks[-1] == 0
    assert not chip.lock.is_held


def test_ctrl_c_in_the_middle_gives_the_stack_back():
    chip = FakeChip(110 * KB)
    looks = []

    def interrupt():
        looks.append(1)
        if len(looks) == 6:
            raise KeyboardInterrupt

    chip.on_look = interrupt
    raises(KeyboardInterrupt, grow, chip.regions, chip)
    assert chip.block == 110 * KB
    assert chip.stacks[-1] == 0


def test_only_the_plain_chip_wants_it():
    assert is_wanted("Generic ESP32 module with ESP32")
    for machine in (
        "Generic ESP32 module with SPIRAM with ESP32",
        "Generic ESP32S3 module with ESP32S3",
        "Generic ESP32C3 module with ESP32C3",
        "linux [GCC 14.2.1] version",
        "",
    ):
        assert not is_wanted(machine)


def test_it_is_harmless_elsewhere():
    assert grow_heap() is None
